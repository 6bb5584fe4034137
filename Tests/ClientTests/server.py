"""A `pyramid serve` of its own for a test module, on a free port of this machine."""

import os
import re
import signal
import subprocess
import threading


class Server:
    """Runs until it is closed; what it logs is kept in `lines`."""

    def __init__(self, *flags: str):
        program = os.environ["PYRAMID_PROGRAM"]
        models = os.environ["PYRAMID_TEST_MODELS"]
        target = os.path.join(models, "SmolLM2-135M-Instruct.Q4_1.gguf")
        command = [
            program, "serve", "--level", "ngram", "--level", target, "--port", "0",
            "--alias", "smol", "-c", "1024", "--metrics", *flags,
        ]
        self.process = subprocess.Popen(
            command, stderr=subprocess.PIPE, stdout=subprocess.DEVNULL, text=True)
        self.lines: list[str] = []
        self.port = 0
        self._listening = threading.Event()
        self._reader = threading.Thread(target=self._read, daemon=True)
        self._reader.start()
        if not self._listening.wait(120) or not self.port:
            self._end()
            raise RuntimeError("the server did not start:\n" + "".join(self.lines))

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def _read(self) -> None:
        for line in self.process.stderr:
            self.lines.append(line)
            found = re.search(r"url=https?://[^ ]*?:(\d+)/", line)
            if found:
                self.port = int(found.group(1))
                self._listening.set()
        self._listening.set()

    def close(self) -> int:
        """Ends it as systemd would; returns its exit status."""
        self.process.send_signal(signal.SIGTERM)
        try:
            return self.process.wait(30)
        finally:
            self._end()

    def _end(self) -> None:
        self.process.kill()
        self.process.wait()
        self._reader.join()
        self.process.stderr.close()
