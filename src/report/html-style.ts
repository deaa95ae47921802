/** Light on every screen: it is the same sheet that is printed. Colours are never all that tells a thing. */
export const DOCUMENT_STYLE = `
:root { color-scheme: light; }
* { box-sizing: border-box; }
body { background: #fff; color: #1f2933; font: 15px/1.5 system-ui, "Segoe UI", Roboto, "Helvetica Neue", sans-serif; margin: 0 auto; max-width: 68rem; padding: 2.5rem 1.5rem 4rem; }
header { border-bottom: 3px solid #1d4e89; margin-bottom: 1.5rem; padding-bottom: 1rem; }
.logo { display: block; max-height: 56px; max-width: 220px; margin-bottom: 1.2rem; }
h1 { color: #14365f; font-size: 1.9rem; line-height: 1.2; margin: 0; }
h2 { border-bottom: 1px solid #d5dde6; color: #14365f; font-size: 1.25rem; margin: 2.2rem 0 .8rem; padding-bottom: .25rem; }
h3 { color: #14365f; font-size: 1.02rem; margin: 1.5rem 0 .5rem; }
p { margin: .5rem 0; max-width: 48rem; overflow-wrap: anywhere; }
.subtitle { font-size: 1.1rem; color: #3e4c59; }
.customer { font-weight: 600; } .made, .empty { color: #52606d; }
ul { margin: .5rem 0; padding-left: 1.3rem; } li { margin: .2rem 0; max-width: 48rem; overflow-wrap: anywhere; }
.verdict { border-left: 5px solid #7b8794; background: #f5f7fa; font-weight: 600; max-width: none; padding: .7rem 1rem; }
.verdict.good { border-color: #2f7d4f; background: #eef7f1; } .verdict.bad { border-color: #b3372a; background: #fcf0ee; }
.verdict.warning { border-color: #b7791f; background: #fdf6e7; }
.figures { display: flex; flex-wrap: wrap; gap: .7rem; margin: 1rem 0; }
.figures div { border: 1px solid #d5dde6; border-top: 4px solid #1d4e89; flex: 1 1 8rem; padding: .6rem .8rem; }
.figures dd { font-size: 1.35rem; font-weight: 600; margin: 0; } .figures dt { color: #52606d; font-size: .85rem; overflow-wrap: anywhere; }
.figures .good { border-top-color: #2f7d4f; } .figures .warning { border-top-color: #b7791f; } .figures .bad { border-top-color: #b3372a; }
.scroll { overflow-x: auto; }
table { border-collapse: collapse; font-size: .88rem; margin: .6rem 0 1rem; width: 100%; }
th, td { border-bottom: 1px solid #e1e7ee; padding: .38rem .6rem; text-align: start; vertical-align: top; overflow-wrap: anywhere; }
thead th { background: #eef2f7; border-bottom: 2px solid #b8c4d1; color: #14365f; overflow-wrap: normal; }
.data { min-width: 44rem; table-layout: fixed; }
th.number, td.number { font-variant-numeric: tabular-nums; text-align: right; overflow-wrap: normal; }
td.number { white-space: nowrap; }
.data tr.good td { background: #eef7f1; } tr.bad td { background: #fcf0ee; } tr.warning td { background: #fdf6e7; }
.pairs th { color: #52606d; font-weight: 400; width: 32%; } .pairs td { font-weight: 500; }
.bars th { font-weight: 400; width: 32%; } .bars td { vertical-align: middle; } .bars .number { width: 9rem; }
svg { display: block; fill: #4a7fb5; } svg .ground { fill: #edf1f5; } svg.good { fill: #2f7d4f; } svg.warning { fill: #d29a2f; } svg.bad { fill: #b3372a; }
.timeline th { border-left: 4px solid #9fb3c8; color: #52606d; font-weight: 400; white-space: nowrap; width: 14rem; }
.timeline .good th { border-color: #2f7d4f; } .timeline .warning th { border-color: #b7791f; } .timeline .bad th { border-color: #b3372a; }
.timeline td { background: none; }
.signatures { margin-top: 1.5rem; } .signatures tr { break-inside: avoid; } .signatures th, .signatures td { border: 0; padding-top: 2.4rem; width: 33%; }
.signatures span { border-bottom: 1px solid #1f2933; display: block; min-height: 1.5rem; } .signatures small { color: #52606d; }
@page { margin: 20mm 15mm 18mm; @top-left { color: #52606d; font: 8pt sans-serif; } @bottom-right { color: #52606d; font: 8pt sans-serif; } }
@media print {
body { font-size: 10pt; max-width: none; padding: 0; } h1 { font-size: 20pt; }
h2, h3 { break-after: avoid; } p, li { orphans: 3; widows: 3; }
.scroll { overflow: visible; } .data { min-width: 0; } thead { display: table-header-group; } tr, .figures div, .verdict { break-inside: avoid; }
th, td { padding: .25rem .4rem; }
table { font-size: 8pt; } .page-break { break-after: page; }
* { print-color-adjust: exact; -webkit-print-color-adjust: exact; }
}
`
