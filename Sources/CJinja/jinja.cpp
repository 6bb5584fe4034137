#include "CJinja.h"

#include <cstdlib>
#include <cstring>
#include <exception>
#include <string>

#include "jinja/lexer.h"
#include "jinja/parser.h"
#include "jinja/runtime.h"
#include "json.h"

struct jinja_template {
    std::string source;
    jinja::program program;
};

struct jinja_text {
    std::string bytes;
};

namespace {

// A copy that jinja_free can free.
char *copied(const char *text) {
    char *copy = static_cast<char *>(std::malloc(std::strlen(text) + 1));
    if (copy != nullptr) std::strcpy(copy, text);
    return copy;
}

// What `body` returns; NULL and the message of what it throws: nothing may be thrown through C.
template <typename Body>
auto guarded(char **message, Body body) -> decltype(body()) {
    try {
        return body();
    } catch (const std::exception &error) {
        *message = copied(error.what());
    } catch (...) {
        *message = copied("unknown failure");
    }
    return nullptr;
}

}  // namespace

jinja_template *jinja_template_read(const char *source, char **message) {
    return guarded(message, [&]() -> jinja_template * {
        jinja::lexer lexer;
        auto tokens = lexer.tokenize(source);
        return new jinja_template{source, jinja::parse_from_tokens(tokens)};
    });
}

void jinja_template_free(jinja_template *read) { delete read; }

jinja_text *jinja_render(const jinja_template *read, const char *variables, char **message) {
    return guarded(message, [&]() -> jinja_text * {
        jinja::context context(read->source);
        jinja::global_from_json(context, common_json::parse(variables), false);
        jinja::runtime runtime(context);
        auto rendered = jinja::runtime::gather_string_parts(runtime.execute(read->program));
        return new jinja_text{rendered->as_string().str()};
    });
}

void jinja_text_free(jinja_text *text) { delete text; }

const char *jinja_text_bytes(const jinja_text *text, size_t *count) {
    *count = text->bytes.size();
    return text->bytes.data();
}

void jinja_free(char *message) { std::free(message); }
