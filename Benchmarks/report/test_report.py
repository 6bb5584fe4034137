"""Tests of the report on sample.jsonl, whose figures are made up; its form is pyramid's."""

import re
import tempfile
import unittest
from pathlib import Path

import figures
import records
import report
import tables

SAMPLE = Path(__file__).parent / "sample.jsonl"


class ReportTest(unittest.TestCase):
    def setUp(self):
        self.results = records.Results([SAMPLE])

    def without(self, *kinds):
        results = records.Results([SAMPLE])
        for kind in kinds:
            del results.kinds[kind]
        return results

    def test_page_holds_every_figure_and_needs_nothing_else(self):
        text, missing = report.build(self.results)
        self.assertEqual(missing, [])
        self.assertEqual(text.count('src="data:image/svg+xml;base64,'), len(report.SECTIONS))
        self.assertEqual(re.findall(r'(?:src|href)="(?!data:)[^"]*"', text), [])

    def test_page_names_machine_models_and_command(self):
        text, _ = report.build(self.results)
        for part in ["AMD EPYC, 2 cores", "big-1.5B (native)", "pyramid bench -f humaneval.jsonl"]:
            self.assertIn(part, text)

    def test_missing_kinds_are_left_out_with_a_note(self):
        text, missing = report.build(self.without("plan", "forward"))
        self.assertEqual([line.split(":")[0] for line in missing],
                         ["Time of a forward", "The controller"])
        self.assertIn("Left out", text)
        self.assertEqual(text.count("data:image/svg+xml"), len(report.SECTIONS) - 2)

    def test_names_are_escaped(self):
        for record in self.results["bench"]:
            record["category"] = "<b>"
        text, _ = report.build(self.results)
        self.assertNotIn("<b>", text)
        self.assertIn("&lt;b&gt;", text)

    def test_ratio_counts_only_common_prompts(self):
        def run(prompt, seconds):
            return {"prompt_id": prompt, "generated_tokens": 10, "decode_seconds": seconds}
        plain = [run("a", 2.0), run("b", 100.0)]
        self.assertAlmostEqual(records.ratio_to_plain([run("a", 1.0)], plain), 2.0)
        self.assertIsNone(records.ratio_to_plain([run("c", 1.0)], plain))

    def test_front_has_no_point_that_another_beats(self):
        points = [(0.0, 1.0, "plain", ""), (0.0, 1.5, "a", ""), (0.1, 1.4, "b", ""),
                  (0.2, 2.0, "c", "")]
        self.assertEqual([p[2] for p in figures._front(points, higher=False)], ["a", "c"])
        self.assertEqual([p[2] for p in figures._front(points, higher=True)], ["c"])

    def test_tables_have_a_row_for_each_method(self):
        methods = {r["method"] for r in self.results["bench"]}
        self.assertEqual({row[0] for row in tables.speed(self.results)[1:]}, methods)
        self.assertEqual(tables.speed(self.results)[1][3], "1.00x")

    def test_torn_last_line_is_left_out_and_other_damage_is_named(self):
        with tempfile.TemporaryDirectory() as folder:
            path = Path(folder) / "a.jsonl"
            path.write_text('{"type":"memory","levels":[]}\n{"type":"mem', encoding="utf-8")
            self.assertEqual(len(records.Results([path])["memory"]), 1)
            path.write_text('oops\n{"type":"memory"}\n', encoding="utf-8")
            with self.assertRaisesRegex(records.ResultsError, r"a\.jsonl:1"):
                records.Results([path])

    def test_command_says_which_file_cannot_be_read(self):
        self.assertEqual(report.main(["-o", "/dev/null", "/nowhere.jsonl"]), 1)


if __name__ == "__main__":
    unittest.main()
