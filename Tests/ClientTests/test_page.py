"""The page in a real browser: Debian's Chromium, without a window."""

import os
import shutil
import unittest

from playwright.sync_api import expect, sync_playwright

from server import Server

CHROMIUM = os.environ.get("CHROMIUM") or shutil.which("chromium")


@unittest.skipUnless(CHROMIUM, "there is no Chromium; CHROMIUM names one")
class PageTest(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.server = Server("-np", "2")
        cls.playwright = sync_playwright().start()
        cls.browser = cls.playwright.chromium.launch(
            executable_path=CHROMIUM, args=["--no-sandbox", "--disable-gpu"])

    @classmethod
    def tearDownClass(cls):
        cls.browser.close()
        cls.playwright.stop()
        assert cls.server.close() == 0, "".join(cls.server.lines[-20:])

    def setUp(self):
        self.context = self.browser.new_context(viewport={"width": 1280, "height": 800})
        self.page = self.context.new_page()
        self.problems = []
        self.page.on("pageerror", lambda error: self.problems.append(str(error)))
        self.page.on("console", lambda message: self.problems.append(message.text)
                     if message.type == "error" else None)
        self.asked = []
        self.page.on("request", lambda request: self.asked.append(request.url))
        self.page.goto(self.server.url + "/")
        expect(self.page.locator("#model")).to_contain_text("ngram", timeout=60_000)

    def tearDown(self):
        self.context.close()
        self.assertEqual(self.problems, [])
        # Nobody else is asked.
        self.assertTrue(all(
            url.startswith((self.server.url, "data:")) for url in self.asked), self.asked)

    def ask(self, text: str) -> None:
        self.page.get_by_label("Message").fill(text)
        self.page.keyboard.press("Enter")

    def wait_for_answer(self) -> None:
        expect(self.page.get_by_role("button", name="Send")).to_be_enabled(timeout=120_000)

    def test_a_conversation_by_keyboard_alone(self):
        page = self.page
        page.get_by_label("Most tokens of an answer").fill("40")
        page.get_by_label("Message").focus()
        self.ask("Count: one, two, three, one, two, three.")
        self.wait_for_answer()
        answer = page.locator(".assistant")
        self.assertTrue(answer.inner_text().strip())
        expect(page.locator("#speed")).to_contain_text("tokens/s")
        expect(page.locator("#levels tr")).to_have_count(2)
        self.assertGreater(page.locator("#reasons li").count(), 0)
        # Every token says who wrote it.
        for title in page.locator(".token").evaluate_all("all => all.map(one => one.title)"):
            self.assertRegex(title, r"^(ngram|SmolLM2.*), (drawn|corrected|bonus)$")
        expect(page.get_by_label("Message")).to_be_focused()
        self.ask("Again.")
        self.wait_for_answer()
        expect(page.locator(".assistant")).to_have_count(2)
        folder = os.environ.get("PYRAMID_SCREENSHOTS")
        if folder:
            for scheme in ("light", "dark"):
                page.emulate_media(color_scheme=scheme)
                page.screenshot(path=os.path.join(folder, f"page-{scheme}.png"))
            page.set_viewport_size({"width": 420, "height": 900})
            page.screenshot(path=os.path.join(folder, "page-narrow.png"), full_page=True)

    def test_escape_stops_an_answer(self):
        self.page.get_by_label("Most tokens of an answer").fill("900")
        self.ask("Tell me a very long story about a lighthouse and list all its storms.")
        expect(self.page.locator(".token").first).to_be_visible(timeout=60_000)
        self.page.keyboard.press("Escape")
        self.wait_for_answer()
        expect(self.page.locator("#news")).to_have_text("Stopped.")

    def test_modes_show_what_bounds_them(self):
        page = self.page
        for mode, shown in (("budget", "#budget"), ("fsd", "#tau"), ("exact", None)):
            page.get_by_label("Mode").select_option(mode)
            for slider in ("#budget", "#tau"):
                expect(page.locator(slider)).to_be_visible(visible=slider == shown)
        page.get_by_label("Mode").select_option("budget")
        page.get_by_label("Most tokens of an answer").fill("8")
        self.ask("Hello")
        self.wait_for_answer()
        self.assertEqual(page.locator(".failure").count(), 0)

    def test_what_the_server_refuses_is_told(self):
        self.page.get_by_label("Most tokens of an answer").fill("8")
        self.ask("word " * 3000)
        expect(self.page.locator(".failure")).to_contain_text("context", timeout=60_000)
        # The refused request itself is the browser's only complaint.
        self.assertTrue(all("400" in problem for problem in self.problems))
        self.problems.clear()

    def test_everything_has_a_name(self):
        unnamed = self.page.evaluate("""() =>
            [...document.querySelectorAll("button, input, select, textarea")].filter(one =>
                !(one.labels?.length || one.getAttribute("aria-label") || one.textContent.trim())
            ).map(one => one.outerHTML)""")
        self.assertEqual(unnamed, [])
        self.assertEqual(self.page.locator("main").count(), 1)


if __name__ == "__main__":
    unittest.main()
