"""What clients do to a server that none of them should: it lives, and others do not notice."""

import concurrent.futures
import json
import os
import random
import socket
import struct
import time
import unittest
import urllib.error
import urllib.request

from server import Server

# So many clients go away, at random moments of their requests; so many requests are no requests.
DISCONNECTS = int(os.environ.get("PYRAMID_TEST_DISCONNECTS", "1000"))
MALFORMED = int(os.environ.get("PYRAMID_TEST_MALFORMED", "200"))


class FaultTest(unittest.TestCase):
    def setUp(self):
        self.server = Server("-np", "4", "--queue", "32", "--grace", "5")
        self.wait_until(lambda: self.ask("GET", "/health")[0] == 200)

    def tearDown(self):
        if self.server.process.poll() is None:
            self.assertEqual(self.server.close(), 0, "".join(self.server.lines[-20:]))

    def ask(self, method: str, path: str, body: bytes | None = None) -> tuple[int, bytes]:
        request = urllib.request.Request(self.server.url + path, body, method=method)
        try:
            with urllib.request.urlopen(request, timeout=120) as answer:
                return answer.status, answer.read()
        except urllib.error.HTTPError as error:
            with error:
                return error.code, error.read()

    def wait_until(self, holds, seconds: float = 60) -> None:
        end = time.monotonic() + seconds
        while not holds():
            if time.monotonic() > end:
                raise AssertionError("it did not come")
            time.sleep(0.05)

    def body(self, seed: int, tokens: int = 24, **more) -> bytes:
        messages = [{"role": "user", "content": f"Tell me story number {seed}."}]
        return json.dumps(
            {"messages": messages, "seed": seed, "max_tokens": tokens, **more}).encode()

    def text(self, seed: int) -> str:
        while True:
            status, answer = self.ask("POST", "/v1/chat/completions", self.body(seed))
            # The others have filled the server: that is an answer, not a fault.
            if status != 429:
                break
            time.sleep(0.1)
        self.assertEqual(status, 200, answer)
        return json.loads(answer)["choices"][0]["message"]["content"]

    def metric(self, name: str) -> float:
        lines = self.ask("GET", "/metrics")[1].decode().splitlines()
        return next(float(line.split()[-1]) for line in lines if line.startswith(name + " "))

    def connection(self) -> socket.socket:
        return socket.create_connection(("127.0.0.1", self.server.port), timeout=60)

    def send(self, connection: socket.socket, body: bytes, length: int | None = None) -> None:
        head = (
            "POST /v1/chat/completions HTTP/1.1\r\nHost: x\r\n"
            f"Content-Length: {len(body) if length is None else length}\r\n\r\n")
        connection.sendall(head.encode() + body)

    def leave(self, number: int) -> None:
        """A client that goes away: before its body is whole, while it waits, while it reads."""
        random_ = random.Random(number)
        body = self.body(number, 400, stream=bool(number % 3), ignore_eos=True)
        with self.connection() as connection:
            if number % 5 == 0:
                self.send(connection, body[:random_.randrange(len(body))], len(body))
            else:
                self.send(connection, body)
            if number % 4 == 1:
                # Half of the socket: the client will still read, as it says.
                connection.shutdown(socket.SHUT_WR)
            time.sleep(random_.random() * 0.2)
            if number % 4 == 2 and number % 5:
                connection.recv(random_.randrange(1, 2000))
            if number % 2:
                # A reset instead of an end.
                connection.setsockopt(
                    socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))

    def test_disconnects_free_their_places_and_change_no_other_text(self):
        expected = [self.text(seed) for seed in range(8)]
        with concurrent.futures.ThreadPoolExecutor(8) as pool:
            leaving = [pool.submit(self.leave, number) for number in range(DISCONNECTS)]
            for _ in range(3):
                for seed in range(8):
                    self.assertEqual(self.text(seed), expected[seed])
            for one in leaving:
                one.result()
        self.wait_until(lambda: self.metric("llamacpp:requests_processing") == 0)
        self.assertEqual(self.metric("llamacpp:requests_deferred"), 0)
        self.assertEqual([self.text(seed) for seed in range(8)], expected)

    def test_malformed_requests_get_an_error_or_an_end(self):
        random_ = random.Random(1)
        sound = self.body(1)
        for number in range(MALFORMED):
            kind = number % 5
            if kind == 0:
                # Some bytes of a sound body are others.
                wrong = bytearray(sound)
                for _ in range(3):
                    wrong[random_.randrange(len(wrong))] = random_.randrange(256)
                status, answer = self.ask("POST", "/v1/chat/completions", bytes(wrong))
                self.assertIn(status, (200, 400, 404, 501), answer)
            elif kind == 1:
                status, answer = self.ask(
                    "POST", "/v1/chat/completions", sound[:random_.randrange(len(sound))])
                self.assertEqual(status, 400, answer)
                self.assertIn(b"error", answer)
            elif kind == 2:
                value = random_.choice(["null", "[]", "-1", "1e999", '"x"', "{}", "true"])
                name = random_.choice(
                    ["messages", "temperature", "max_tokens", "stop", "n", "seed", "logit_bias",
                     "response_format", "stream", "speculative", "tools", "logprobs"])
                wrong = sound[:-1] + f', "{name}": {value}}}'.encode()
                status, answer = self.ask("POST", "/v1/chat/completions", wrong)
                self.assertIn(status, (200, 400, 501), answer)
            elif kind == 3:
                with self.connection() as connection:
                    connection.sendall(bytes(random_.randrange(256) for _ in range(200)) + b"\r\n\r\n")
                    connection.settimeout(5)
                    try:
                        connection.recv(1000)
                    except (TimeoutError, ConnectionError):
                        pass
            else:
                deep = b'{"messages": ' + b"[" * 20_000
                self.assertEqual(self.ask("POST", "/v1/chat/completions", deep)[0], 400)
        self.assertEqual(self.ask("GET", "/health")[0], 200)
        self.assertTrue(self.text(1))

    def test_slow_readers_do_not_hold_up_others(self):
        slow = []
        for number in range(3):
            connection = self.connection()
            self.send(connection, self.body(number, 600, stream=True, ignore_eos=True))
            slow.append(connection)
        began = time.monotonic()
        self.assertTrue(self.text(5))
        self.assertLess(time.monotonic() - began, 60)
        for connection in slow:
            connection.close()
        self.wait_until(lambda: self.metric("llamacpp:requests_processing") == 0)

    def test_a_full_context_ends_the_text(self):
        status, answer = self.ask(
            "POST", "/v1/chat/completions", self.body(1, 100_000, ignore_eos=True))
        self.assertEqual(status, 200, answer)
        whole = json.loads(answer)
        self.assertEqual(whole["choices"][0]["finish_reason"], "length")
        self.assertLessEqual(whole["usage"]["total_tokens"], 1024)

    def test_sigterm_lets_running_requests_end_and_refuses_new_ones(self):
        with concurrent.futures.ThreadPoolExecutor(4) as pool:
            running = [
                pool.submit(self.ask, "POST", "/v1/chat/completions", self.body(seed, 60))
                for seed in range(4)
            ]
            self.wait_until(lambda: self.metric("llamacpp:requests_processing") > 0)
            self.assertEqual(self.server.close(), 0, "".join(self.server.lines[-20:]))
            answers = [one.result() for one in running]
        self.assertIn(200, [status for status, _ in answers])
        for status, answer in answers:
            if status == 200:
                reason = json.loads(answer)["choices"][0]["finish_reason"]
                self.assertIn(reason, ("stop", "length", "abort"))
            else:
                # It had not begun.
                self.assertEqual(status, 503)
                self.assertIn(b"the server is stopping", answer)


if __name__ == "__main__":
    unittest.main()
