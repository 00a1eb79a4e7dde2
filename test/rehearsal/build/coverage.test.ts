import { readCoverage } from '../../../rehearsal/build/coverage';

test.each([
  [
    'COBERTURAXML',
    '<?xml version="1.0" ?>\n<coverage version="7.6" timestamp="1" lines-valid="4" lines-covered="3" ' +
      'line-rate="0.75" branches-covered="0" branches-valid="0">',
  ],
  ['COBERTURAXML', '<coverage lines-covered="3" lines-valid="4" line-rate="0.75">'],
  [
    'CLOVERXML',
    '<coverage generated="1"><project name="All files"><metrics statements="4" coveredstatements="3" ' +
      'conditionals="0"/><file><metrics statements="1" coveredstatements="1"/>',
  ],
  [
    'JACOCOXML',
    '<report name="a"><package name="b"><counter type="LINE" missed="0" covered="2"/></package>\n' +
      '<counter type="INSTRUCTION" missed="9" covered="9"/><counter type="LINE" missed="1" covered="3"/></report>',
  ],
])('reads %s', (format, text) => {
  expect(readCoverage(format, text)).toEqual({ covered: 3, all: 4 });
});

test.each(['COBERTURAXML', 'CLOVERXML', 'JACOCOXML'])(
  'returns undefined for a report without the format %s',
  (format) => {
    expect(readCoverage(format, '<testsuite tests="1"></testsuite>')).toBeUndefined();
  },
);
