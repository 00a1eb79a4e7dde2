/** The style of the report, in the colors of the reader's system. */
export const STYLE = [
  ':root{--text:#1f2328;--detail:#59636e;--page:#fff;--line:#d1d9e0;--good:#1a7f37;--bad:#d1242f;',
  '--one:#59636e;--two:#0969da;--three:#8250df}',
  '@media(prefers-color-scheme:dark){:root{--text:#f0f6fc;--detail:#9198a1;--page:#0d1117;--line:#3d444d;',
  '--good:#3fb950;--bad:#f85149;--one:#9198a1;--two:#4493f8;--three:#ab7df8}}',
  'body{margin:0;background:var(--page);color:var(--text);font:14px/1.5 system-ui,sans-serif}',
  'main{max-width:900px;margin:0 auto;padding:24px}',
  'h1{font-size:22px}h2{font-size:16px;margin-top:28px}',
  'table{border-collapse:collapse;width:100%;margin:8px 0}',
  'th,td{text-align:left;vertical-align:top;padding:5px 8px;border-bottom:1px solid var(--line);',
  'white-space:pre-wrap;overflow-wrap:anywhere}',
  '.good{color:var(--good)}.bad{color:var(--bad)}.detail{color:var(--detail)}',
  '.cause{border-left:4px solid var(--bad);padding:8px 12px;white-space:pre-wrap;overflow-wrap:anywhere}',
  '.chart{width:100%;height:auto}.chart text{font:12px system-ui,sans-serif;fill:var(--detail)}',
  '.chart .tick{text-anchor:end}.grid{stroke:var(--line)}.line{fill:none;stroke-width:2}',
  '.line0{stroke:var(--one)}.line1{stroke:var(--two)}.line2{stroke:var(--three)}',
].join('');
