"""Levels on RPC workers: one that is killed ends the answers that need it, and nothing else."""

import json
import os
import signal
import socket
import subprocess
import time
import unittest
import urllib.error
import urllib.request

from server import Server


class Worker:
    """A `pyramid worker` on a port of this machine."""

    def __init__(self, port: int):
        program = os.environ["PYRAMID_PROGRAM"]
        self.port = port
        self.process = subprocess.Popen(
            [program, "worker", "--port", str(port), "-t", "1"],
            stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        end = time.monotonic() + 30
        while not self._answers():
            if time.monotonic() > end or self.process.poll() is not None:
                raise RuntimeError(f"the worker on port {port} did not start")
            time.sleep(0.05)

    def _answers(self) -> bool:
        with socket.socket() as probe:
            return probe.connect_ex(("127.0.0.1", self.port)) == 0

    def kill(self):
        self.process.send_signal(signal.SIGKILL)
        self.process.wait()


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


class WorkerTest(unittest.TestCase):
    def ask(self, path: str, body: dict | None = None) -> tuple[int, str]:
        data = None if body is None else json.dumps(body).encode()
        request = urllib.request.Request(self.server.url + path, data)
        try:
            with urllib.request.urlopen(request, timeout=120) as answer:
                return answer.status, answer.read().decode()
        except urllib.error.HTTPError as error:
            with error:
                return error.code, error.read().decode()

    def wait_for(self, status: int, words: str) -> None:
        end = time.monotonic() + 60
        while (answer := self.ask("/health"))[0] != status or words not in answer[1]:
            if time.monotonic() > end:
                raise AssertionError(f"{answer}\n" + "".join(self.server.lines[-20:]))
            time.sleep(0.1)

    def test_worker_is_killed_and_comes_back(self):
        ports = [free_port(), free_port()]
        workers = [Worker(port) for port in ports]
        self.addCleanup(lambda: [worker.kill() for worker in workers])
        self.server = Server("--rpc", ",".join(f"127.0.0.1:{port}" for port in ports))
        self.addCleanup(lambda: self.server.process.poll() is None and self.server.close())
        self.wait_for(200, "ok")
        body = {"prompt": "The sea is", "seed": 5, "max_tokens": 16}
        status, first = self.ask("/v1/completions", body)
        self.assertEqual(status, 200, first)
        for victim in (1, 0):
            endless = {**body, "max_tokens": 900, "ignore_eos": True, "stream": True}
            request = urllib.request.Request(
                self.server.url + "/v1/completions", json.dumps(endless).encode())
            with urllib.request.urlopen(request, timeout=120) as answer:
                self.assertTrue(answer.readline().startswith(b"data: {"))
                workers[victim].kill()
                rest = answer.read().decode()
            self.assertIn("ended while it worked on this request", rest)
            self.assertNotIn("[DONE]", rest)
            self.wait_for(503, str(ports[victim]))
            status, refused = self.ask("/v1/completions", body)
            self.assertEqual(status, 503, refused)
            self.assertIn("comes back", refused)
            workers[victim] = Worker(ports[victim])
            self.wait_for(200, "ok")
            status, again = self.ask("/v1/completions", body)
            self.assertEqual(status, 200, again)
            text = [json.loads(answer)["choices"][0]["text"] for answer in (first, again)]
            self.assertEqual(*text)
        self.assertEqual(self.server.close(), 0, "".join(self.server.lines[-20:]))

    def child(self) -> int:
        """The process that holds the levels."""
        for entry in os.listdir("/proc"):
            try:
                with open(f"/proc/{entry}/stat") as stat:
                    if int(stat.read().rsplit(")", 1)[1].split()[1]) == self.server.process.pid:
                        return int(entry)
            except (OSError, IndexError):
                continue
        raise AssertionError("there is no child")

    def started(self) -> dict:
        port = free_port()
        worker = Worker(port)
        self.addCleanup(worker.kill)
        self.server = Server("--rpc", f"127.0.0.1:{port}")
        self.addCleanup(lambda: self.server.process.poll() is None and self.server.close())
        self.wait_for(200, "ok")
        return {"prompt": "The sea is", "seed": 5, "max_tokens": 60, "ignore_eos": True}

    @unittest.skipUnless(os.path.isdir("/proc/self"), "needs /proc")
    def test_signal_to_both_processes_lets_answers_end(self):
        body = {**self.started(), "stream": True}
        request = urllib.request.Request(
            self.server.url + "/v1/completions", json.dumps(body).encode())
        with urllib.request.urlopen(request, timeout=120) as answer:
            self.assertTrue(answer.readline().startswith(b"data: {"))
            for process in (self.child(), self.server.process.pid):
                os.kill(process, signal.SIGTERM)
            self.assertIn("[DONE]", answer.read().decode())
        self.assertEqual(self.server.process.wait(30), 0)

    @unittest.skipUnless(os.path.isdir("/proc/self"), "needs /proc")
    def test_levels_end_with_their_server(self):
        self.started()
        child = self.child()
        self.server.process.kill()
        self.server.process.wait()
        end = time.monotonic() + 20
        while os.path.exists(f"/proc/{child}"):
            self.assertLess(time.monotonic(), end, "the levels go on without a server")
            time.sleep(0.1)

    @unittest.skipUnless(os.path.isdir("/proc/self"), "needs /proc")
    def test_server_ends_though_its_levels_are_stuck(self):
        self.started()
        os.kill(self.child(), signal.SIGSTOP)
        self.server.process.send_signal(signal.SIGTERM)
        self.assertEqual(self.server.process.wait(40), 0)

    def test_worker_that_is_not_there_is_named(self):
        port = free_port()
        with self.assertRaisesRegex(RuntimeError, f"127.0.0.1:{port} cannot be reached"):
            Server("--rpc", f"127.0.0.1:{port}")


if __name__ == "__main__":
    unittest.main()
