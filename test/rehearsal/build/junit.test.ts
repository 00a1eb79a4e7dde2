import { readJunit } from '../../../rehearsal/build/junit';

test('counts the tests of pytest, and names the failed ones', () => {
  const report = `<?xml version="1.0" encoding="utf-8"?><testsuites name="pytest tests"><testsuite name="pytest" errors="0" failures="1" skipped="1" tests="3">
<testcase classname="tests.test_a" name="test_ok" time="0.001" />
<testcase classname="tests.test_a" name="test_no[a&gt;b]" time="0.002"><failure message="AssertionError: assert 1 == 2&#10; more">def test_no():
&gt;       assert 1 == 2</failure></testcase>
<testcase classname="tests.test_a" name="test_later" time="0"><skipped type="pytest.skip" message="later">x</skipped></testcase></testsuite></testsuites>`;
  expect(readJunit([report])).toEqual({
    passed: 1,
    failed: 1,
    skipped: 1,
    failures: ['tests.test_a.test_no[a>b]: AssertionError: assert 1 == 2'],
  });
});

test('reads the text of a failure without a message, as jest-junit writes it', () => {
  const report =
    '<testsuite><testcase classname="a b" name="c > d" time="1">\n' +
    '<failure>Error: &quot;no&quot;\n at x</failure></testcase></testsuite>';
  expect(readJunit([report]).failures).toEqual(['a b.c > d: Error: "no"']);
});

test('counts an error as failed', () => {
  expect(
    readJunit(['<testcase name="a"><error message="broke"/></testcase>', '<testcase name="b"></testcase>']),
  ).toEqual({
    passed: 1,
    failed: 1,
    skipped: 0,
    failures: ['a: broke'],
  });
});
