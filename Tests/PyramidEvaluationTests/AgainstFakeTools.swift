import Foundation

/// A folder with programs that stand in for llama.cpp's: they take their arguments down and print
/// what llama.cpp's printed when it was recorded (commit 0c1e57098, SmolLM2 and Qwen2.5-Coder).
final class FakeLlamaTools {
    let folder: URL

    init() throws {
        folder = FileManager.default.temporaryDirectory.appending(
            path: "llama-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        try write("completion", Self.completion)
        try write("simple-output", Self.simpleOutput)
        try write("bench-output", Self.benchOutput)
        try write("llama-server", Self.server, isProgram: true)
        for (program, output) in [
            ("llama-speculative-simple", "simple-output"), ("llama-bench", "bench-output"),
        ] {
            let script = """
                #!/bin/sh
                cd "$(dirname "$0")" || exit
                printf '%s\\n' "$@" >"$(basename "$0").arguments"
                while [ $# -gt 0 ]; do [ "$1" = -f ] && cp "$2" prompt; shift; done
                cat \(output)
                [ ! -e fails ]
                """
            try write(program, script, isProgram: true)
        }
    }

    deinit { try? FileManager.default.removeItem(at: folder) }

    func write(_ name: String, _ text: String, isProgram: Bool = false) throws {
        let file = folder.appending(path: name)
        try Data(text.utf8).write(to: file)
        guard isProgram else { return }
        try FileManager.default.setAttributes([.posixPermissions: 0o755], ofItemAtPath: file.path)
    }

    func remove(_ name: String) throws {
        try FileManager.default.removeItem(at: folder.appending(path: name))
    }

    /// The lines of a file; none when it is not there.
    func lines(_ name: String) -> [String] {
        let text = try? String(contentsOf: folder.appending(path: name), encoding: .utf8)
        return (text ?? "").split(separator: "\n").map(String.init)
    }

    /// A server that does what the files beside it say.
    private static let server = #"""
        #!/usr/bin/env python3
        import http.server, json, os, signal, sys

        folder = os.path.dirname(os.path.abspath(__file__))
        path = lambda name: os.path.join(folder, name)
        note = lambda name, text: open(path(name), "a").write(text + "\n")

        note("servers", " ".join(sys.argv[1:]))
        if os.path.exists(path("no-model")):
            print("E srv load_model: failed to load model, 'x.gguf'", file=sys.stderr)
            sys.exit(1)

        class Handler(http.server.BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def answer(self, status, body):
                self.send_response(status)
                self.send_header("Content-Length", str(len(body)))
                self.end_headers()
                self.wfile.write(body)

            def do_GET(self):
                ready = os.path.exists(path("asked"))
                note("asked", self.path)
                self.answer(200 if ready else 503, b'{"status":"ok"}')

            def do_POST(self):
                note("requests", self.rfile.read(int(self.headers["Content-Length"])).decode())
                if os.path.exists(path("dies")):
                    print("GGML_ASSERT(n_tokens > 0) failed", flush=True)
                    os._exit(3)
                if os.path.exists(path("refuses")):
                    message = b'{"error":{"code":400,"message":"Field is wrong","type":"x"}}'
                    return self.answer(400, message)
                self.answer(200, open(path("completion"), "rb").read())

            def log_message(self, *arguments):
                pass

        def end(*arguments):
            note("ended", "SIGTERM")
            os._exit(0)

        signal.signal(signal.SIGTERM, end)
        port = int(sys.argv[sys.argv.index("--port") + 1])
        http.server.HTTPServer(("127.0.0.1", port), Handler).serve_forever()
        """#

    /// Recorded with a draft model; settings that nobody reads are left out.
    private static let completion = """
        {"index":0,"content":"assistant\\nI'm glad to hear that you're enjoying",\
        "tokens":[520,9531,198,57,5248,18948,288,4875,338,346,2316,11904],"id_slot":0,"stop":true,\
        "tokens_predicted":12,"tokens_evaluated":4,\
        "generation_settings":{"seed":4294967295,"temperature":0.0,\
        "speculative.types":"none,draft-simple"},"has_new_line":true,"truncated":false,\
        "stop_type":"limit","stopping_word":"","tokens_cached":15,"timings":{"cache_n":0,\
        "prompt_n":4,"prompt_ms":25.295,"prompt_per_token_ms":6.32375,"prompt_per_second":158.134,\
        "predicted_n":12,"predicted_ms":398.647,"predicted_per_token_ms":8.481,\
        "predicted_per_second":117.898,"draft_n":9,"draft_n_accepted":8}}
        """

    private static let simpleOutput = """
        0.04.130.083 I common_speculative_init_result: loading draft model 'x.gguf'

        Write a function. It decoded 7 tokens in the end. n_drafted = many

        0.41.691.177 I encoded   10 tokens in    2.318 seconds, speed:    4.315 t/s
        0.41.691.180 I decoded   29 tokens in   31.037 seconds, speed:    0.934 t/s
        0.41.691.192 I 
        0.41.691.192 I n_draft   = 4
        0.41.691.192 I n_predict = 29
        0.41.691.192 I n_drafted = 24
        0.41.691.192 I n_accept  = 23
        0.41.691.193 I accept    = 95.833%
        0.41.691.193 I 
        0.41.691.194 I draft:
        """

    private static let benchOutput = """
        warning: asserts enabled, performance may be affected
        [
          {
            "build_commit": "0c1e57098",
            "build_number": 0,
            "cpu_info": "AMD EPYC",
            "model_filename": "/models/SmolLM2-135M-Instruct.Q4_1.gguf",
            "n_threads": 2,
            "n_prompt": 512,
            "n_gen": 0,
            "avg_ts": 622.551410,
            "stddev_ts": 4.250000,
            "samples_ts": [ 622.5514 ]
          },
          {
            "build_commit": "0c1e57098",
            "build_number": 0,
            "cpu_info": "AMD EPYC",
            "model_filename": "/models/SmolLM2-135M-Instruct.Q4_1.gguf",
            "n_threads": 2,
            "n_prompt": 0,
            "n_gen": 128,
            "avg_ts": 117.500000,
            "stddev_ts": 0.500000,
            "samples_ts": [ 117.5 ]
          }
        ]
        """
}
