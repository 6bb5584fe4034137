// What the LlamaBackend module sees of llama.cpp: libllama, and ggml's device list and logger.
#include <llama.h>
#include <ggml-backend.h>
#include <gguf.h>
