// What the LlamaBackend module sees of llama.cpp.
#include <llama.h>
