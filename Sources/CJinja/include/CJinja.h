// llama.cpp's Jinja engine (common/jinja there) behind a C interface: chat templates of GGUF files.
#pragma once

#include <stddef.h>

#ifdef __cplusplus
extern "C" {
#endif

// A template that was read.
typedef struct jinja_template jinja_template;

// A rendered text.
typedef struct jinja_text jinja_text;

// Reads a template. NULL and a message, to be freed with jinja_free, where it cannot be.
jinja_template *jinja_template_read(const char *source, char **message);
void jinja_template_free(jinja_template *read);

// Renders with the variables of a JSON object. NULL and a message where the template refuses or
// fails.
jinja_text *jinja_render(const jinja_template *read, const char *variables, char **message);
void jinja_text_free(jinja_text *text);

// The text's bytes, not ended by a NUL.
const char *jinja_text_bytes(const jinja_text *text, size_t *count);

void jinja_free(char *message);

#ifdef __cplusplus
}
#endif
