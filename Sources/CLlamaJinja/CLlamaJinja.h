// Nothing for Swift: the module is there for what pkg-config says of llama-jinja. CJinja uses it.
