import { unescaped } from "./markup.ts";

/** The report's style sheet: system fonts, light and dark, scrolling tables on small screens. */
export const reportStyle = unescaped(`
:root{color-scheme:light dark;--page:#f6f8fa;--card:#fff;--text:#1f2328;--soft:#59636e;--line:#d1d9e0;--good:#1a7f37;--bad:#cf222e;--link:#0969da;
--Data:#2f7ed8;--Model:#8459d0;--Compute:#159a84;--Platform:#d97a1f}
@media(prefers-color-scheme:dark){:root{--page:#010409;--card:#0d1117;--text:#f0f6fc;--soft:#9198a1;--line:#30363d;--good:#3fb950;--bad:#f85149;--link:#4493f8}}
*{box-sizing:border-box}
body{margin:0;background:var(--page);color:var(--text);font:15px/1.55 ui-sans-serif,system-ui,'Segoe UI',Helvetica,Arial,sans-serif;overflow-wrap:anywhere}
main{max-width:1168px;margin:0 auto;padding:40px 24px 72px}
h1{font-size:30px;line-height:1.2;margin:0 0 10px}
h2{font-size:20px;margin:48px 0 6px}
h3{font-size:15px;margin:26px 0 8px}
p{margin:0 0 12px}
.soft{color:var(--soft)}
.lead{font-size:17px;max-width:820px}
.figures{display:grid;grid-template-columns:repeat(auto-fit,minmax(170px,1fr));gap:12px;margin:24px 0}
.figure,.qa{background:var(--card);border:1px solid var(--line);border-radius:10px;padding:14px 16px}
.figure b{display:block;font-size:21px;line-height:1.3;font-variant-numeric:tabular-nums}
.scroll{overflow-x:auto;background:var(--card);border:1px solid var(--line);border-radius:10px;margin:12px 0}
.flow svg{display:block;width:100%;height:auto;min-width:820px}
.flow{border:0}
table{border-collapse:collapse;width:100%;overflow-wrap:normal}
th,td{padding:8px 14px;text-align:left;vertical-align:top;border-top:1px solid var(--line)}
tr:first-child>th{border-top:0;color:var(--soft);font-weight:600;font-size:13px;white-space:nowrap}
tr.total>td{font-weight:600;border-top:2px solid var(--line)}
.number{text-align:right;font-variant-numeric:tabular-nums;white-space:nowrap}
.name{min-width:150px;max-width:340px;overflow-wrap:anywhere}
.good{color:var(--good);font-weight:600;white-space:nowrap}
.bad{color:var(--bad);font-weight:600;white-space:nowrap}
.role{white-space:nowrap}
.role::before{content:'';display:inline-block;width:10px;height:10px;border-radius:3px;margin-right:8px;background:var(--dot)}
.Data{--dot:var(--Data)}.Model{--dot:var(--Model)}.Compute{--dot:var(--Compute)}.Platform{--dot:var(--Platform)}
code{font:12.5px/1.5 ui-monospace,SFMono-Regular,Menlo,Consolas,monospace;overflow-wrap:anywhere}
.qa{margin:10px 0}
.qa header{display:flex;gap:16px;justify-content:space-between;font-weight:600}
.qa header span{color:var(--soft);font-weight:400;font-size:13px;white-space:nowrap}
.qa p{margin:6px 0 0}
blockquote{margin:10px 0 0;padding:0 0 0 14px;border-left:3px solid var(--line)}
cite{display:block;font-style:normal;font-size:13px;color:var(--soft);margin-top:2px}
footer{margin-top:56px;color:var(--soft);font-size:13px}
@media(max-width:600px){main{padding:24px 12px 48px}th,td{padding:6px 8px}table{font-size:13px}.name{min-width:108px}}
@media print{body{background:none}.qa,tr{break-inside:avoid}}
`);
