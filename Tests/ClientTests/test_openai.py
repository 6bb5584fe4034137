"""OpenAI's own Python client against `pyramid serve` with a real model."""

import concurrent.futures
import json
import math
import time
import unittest
import urllib.request

import openai

from server import Server

HELLO = [{"role": "user", "content": "Tell me about the sea in a few sentences."}]
SCHEMA = {
    "type": "object",
    "properties": {
        "name": {"type": "string", "maxLength": 20},
        "age": {"type": "integer", "minimum": 0, "maximum": 150},
        "colour": {"enum": ["red", "green"]},
    },
    "required": ["name", "age", "colour"],
}
WEATHER = {
    "type": "function",
    "function": {
        "name": "weather",
        "parameters": {
            "type": "object", "properties": {"city": {"type": "string"}}, "required": ["city"],
        },
    },
}


class OpenAIClientTest(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.server = Server("--api-key", "secret", "-np", "4")
        cls.client = openai.OpenAI(
            base_url=cls.server.url + "/v1", api_key="secret", max_retries=0, timeout=120)
        cls.wait_until(lambda: cls.get("/health")[0] == 200)

    @classmethod
    def tearDownClass(cls):
        cls.client.close()
        assert cls.server.close() == 0, "".join(cls.server.lines[-20:])

    @classmethod
    def get(cls, path: str) -> tuple[int, str]:
        request = urllib.request.Request(
            cls.server.url + path, headers={"Authorization": "Bearer secret"})
        try:
            with urllib.request.urlopen(request) as answer:
                return answer.status, answer.read().decode()
        except urllib.error.HTTPError as error:
            with error:
                return error.code, error.read().decode()

    @classmethod
    def wait_until(cls, holds, seconds: float = 60) -> None:
        end = time.monotonic() + seconds
        while not holds():
            if time.monotonic() > end:
                raise AssertionError("it did not come")
            time.sleep(0.05)

    def chat(self, **more):
        settings = {"model": "smol", "messages": HELLO, "max_tokens": 40, "seed": 1, **more}
        return self.client.chat.completions.create(**settings)

    def metric(self, name: str) -> float:
        for line in self.get("/metrics")[1].splitlines():
            if line.startswith(name + " "):
                return float(line.split()[-1])
        raise AssertionError(f"no metric {name}")

    def test_models(self):
        self.assertEqual([model.id for model in self.client.models.list()], ["smol"])

    def test_chat(self):
        answer = self.chat()
        choice = answer.choices[0]
        self.assertEqual(choice.message.role, "assistant")
        self.assertTrue(choice.message.content)
        self.assertIn(choice.finish_reason, ("stop", "length"))
        usage = answer.usage
        self.assertEqual(usage.total_tokens, usage.prompt_tokens + usage.completion_tokens)
        details = usage.completion_tokens_details
        self.assertGreaterEqual(details.accepted_prediction_tokens, 0)
        self.assertGreaterEqual(details.rejected_prediction_tokens, 0)
        self.assertEqual(self.chat().choices[0].message.content, choice.message.content)

    def test_streams_have_the_whole_answers_text(self):
        for more in ({}, {"n": 3}, {"temperature": 0}, {"stop": ["."]}):
            whole = self.chat(**more)
            texts = [""] * len(whole.choices)
            reasons = [None] * len(whole.choices)
            usage = None
            stream = self.chat(stream=True, stream_options={"include_usage": True}, **more)
            for chunk in stream:
                usage = chunk.usage or usage
                for choice in chunk.choices:
                    texts[choice.index] += choice.delta.content or ""
                    reasons[choice.index] = choice.finish_reason or reasons[choice.index]
            self.assertEqual(texts, [choice.message.content for choice in whole.choices])
            self.assertEqual(reasons, [choice.finish_reason for choice in whole.choices])
            self.assertEqual(usage.completion_tokens, whole.usage.completion_tokens)

    def test_stop_strings_end_the_text_before_them(self):
        free = self.chat(temperature=0, max_tokens=60).choices[0].message.content
        word = free.split()[4]
        stopped = self.chat(temperature=0, max_tokens=60, stop=word).choices[0]
        self.assertEqual(stopped.finish_reason, "stop")
        self.assertEqual(stopped.message.content, free[:free.index(word)])

    def test_logprobs_are_the_targets_with_and_without_speculation(self):
        answers = [
            self.chat(
                temperature=0, logprobs=True, top_logprobs=3,
                extra_body={"speculative": {"enabled": enabled}},
            ).choices[0] for enabled in (True, False)
        ]
        self.assertEqual(answers[0].message.content, answers[1].message.content)
        lists = [answer.logprobs.content for answer in answers]
        self.assertEqual(len(lists[0]), len(lists[1]))
        for one, other in zip(*lists):
            self.assertEqual(one.token, other.token)
            self.assertEqual(one.logprob, other.logprob)
            self.assertEqual(one.top_logprobs, other.top_logprobs)
            self.assertEqual(one.top_logprobs[0].token, one.token)
            self.assertLessEqual(one.logprob, 0)
            self.assertLessEqual(sum(math.exp(top.logprob) for top in one.top_logprobs), 1.0001)
        spelled = b"".join(bytes(entry.bytes) for entry in lists[0])
        self.assertEqual(spelled.decode(), answers[0].message.content)

    def test_json_schema(self):
        for seed in range(4):
            answer = self.chat(
                seed=seed, max_tokens=200,
                response_format={
                    "type": "json_schema", "json_schema": {"name": "p", "schema": SCHEMA}},
            ).choices[0]
            if answer.finish_reason == "length":
                continue
            value = json.loads(answer.message.content)
            self.assertEqual(list(value), ["name", "age", "colour"])
            self.assertTrue(0 <= value["age"] <= 150 and value["colour"] in ("red", "green"))

    def test_json_object_and_grammar(self):
        answer = self.chat(
            temperature=0, max_tokens=300, response_format={"type": "json_object"}).choices[0]
        self.assertTrue(answer.message.content.lstrip().startswith("{"))
        answer = self.chat(extra_body={"grammar": 'root ::= ("ab" | "cd")+ "!"'}, max_tokens=30)
        self.assertRegex(answer.choices[0].message.content, r"^(ab|cd)*[ac]?!?$")

    def test_tools_that_the_template_does_not_have_are_refused(self):
        with self.assertRaises(openai.APIStatusError) as caught:
            self.chat(tools=[WEATHER])
        self.assertEqual(caught.exception.status_code, 501)
        self.assertEqual(caught.exception.param, "tools")

    def test_completions(self):
        answer = self.client.completions.create(
            model="smol", prompt=["The sea is", "Once upon a time"], max_tokens=12, seed=3,
            temperature=0, logprobs=2)
        self.assertEqual([choice.index for choice in answer.choices], [0, 1])
        for choice in answer.choices:
            self.assertEqual(len(choice.logprobs.tokens), len(choice.logprobs.token_logprobs))
            self.assertEqual("".join(choice.logprobs.tokens), choice.text)

    def test_many_at_once_get_what_each_gets_alone(self):
        def text(seed: int) -> str:
            return self.chat(seed=seed, temperature=1.0).choices[0].message.content

        alone = [text(seed) for seed in range(12)]
        with concurrent.futures.ThreadPoolExecutor(12) as pool:
            self.assertEqual(list(pool.map(text, range(12))), alone)
        self.assertGreater(len(set(alone)), 6)

    def test_logit_bias_and_penalties(self):
        free = self.chat(temperature=0, logprobs=True).choices[0]
        first = free.logprobs.content[0]
        request = urllib.request.Request(
            self.server.url + "/tokenize", json.dumps({"content": first.token}).encode(),
            {"Authorization": "Bearer secret"})
        with urllib.request.urlopen(request) as answer:
            token = json.load(answer)["tokens"][0]
        other = self.chat(temperature=0, logit_bias={str(token): -100}).choices[0]
        self.assertFalse(other.message.content.startswith(first.token))
        self.chat(temperature=0, frequency_penalty=1.0, presence_penalty=0.5)

    def test_errors_have_the_clients_types(self):
        bad = self.client.with_options(api_key="wrong")
        with self.assertRaises(openai.AuthenticationError):
            bad.chat.completions.create(model="smol", messages=HELLO)
        with self.assertRaises(openai.NotFoundError):
            self.chat(model="gpt-4")
        for wrong in (
            {"temperature": -2}, {"max_tokens": 0}, {"messages": []}, {"n": 0},
            {"response_format": {"type": "json_schema", "json_schema": {"name": "x"}}},
            {"extra_body": {"grammar": "root ::= undefined"}},
            {"extra_body": {"speculative": {"mode": "magic"}}},
        ):
            with self.assertRaises(openai.BadRequestError, msg=str(wrong)):
                self.chat(**wrong)
        with self.assertRaises(openai.BadRequestError) as caught:
            self.chat(messages=[{"role": "user", "content": "word " * 3000}])
        self.assertEqual(caught.exception.type, "exceed_context_size_error")

    def test_leaving_a_stream_frees_its_place(self):
        for _ in range(6):
            stream = self.chat(stream=True, max_tokens=900, extra_body={"ignore_eos": True})
            for count, _ in enumerate(stream):
                if count == 3:
                    break
            stream.close()
        self.wait_until(lambda: self.metric("llamacpp:requests_processing") == 0)
        self.assertTrue(self.chat().choices[0].message.content)

    def test_a_conversation_pays_only_for_what_is_new(self):
        first = self.chat(temperature=0)
        longer = HELLO + [
            {"role": "assistant", "content": first.choices[0].message.content},
            {"role": "user", "content": "Go on."},
        ]
        second = self.chat(messages=longer, temperature=0)
        cached = second.usage.prompt_tokens_details.cached_tokens
        self.assertGreater(cached, first.usage.prompt_tokens)

    def test_async_client_cancels(self):
        import asyncio

        async def run() -> None:
            async with openai.AsyncOpenAI(
                base_url=self.server.url + "/v1", api_key="secret", max_retries=0
            ) as client:
                task = asyncio.create_task(
                    client.chat.completions.create(
                        model="smol", messages=HELLO, max_tokens=900,
                        extra_body={"ignore_eos": True}))
                await asyncio.sleep(0.3)
                task.cancel()
                with self.assertRaises(asyncio.CancelledError):
                    await task

        asyncio.run(run())
        self.wait_until(lambda: self.metric("llamacpp:requests_processing") == 0)


if __name__ == "__main__":
    unittest.main()
