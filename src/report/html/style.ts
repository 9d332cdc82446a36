/** How a page looks: light, dark, on narrow screens and on paper. */
export const style = `
:root{color-scheme:light dark;--paper:#fbfaf7;--card:#fff;--sunk:#f3f1ec;--ink:#1d1c1a;--faint:#67625a;--line:#ddd8cf;--link:#0b57b0;
--pass:#16713a;--pass-bg:#e3f3e7;--fail:#b3201f;--fail-bg:#fbe6e4;--warn:#8a5a00;--warn-bg:#fbefd5;--open:#5d5a55;--open-bg:#eceae5;--mark:#ffd34d;--mark-ink:#201700;
--mono:ui-monospace,"SF Mono","Cascadia Code","DejaVu Sans Mono",Menlo,Consolas,monospace}
@media (prefers-color-scheme:dark){:root{--paper:#15171b;--card:#1c1f25;--sunk:#24272e;--ink:#e8e6e1;--faint:#a19c93;--line:#353941;--link:#82b4ff;
--pass:#6fd08c;--pass-bg:#173323;--fail:#ff8a80;--fail-bg:#3d1d1d;--warn:#f0bd5b;--warn-bg:#38290f;--open:#b1aca4;--open-bg:#2b2e35;--mark:#ffd34d;--mark-ink:#201700}}
*{box-sizing:border-box}
[hidden]{display:none!important}
html{scroll-padding-top:6.8rem;-webkit-text-size-adjust:100%}
body{margin:0;overflow-wrap:break-word;background:var(--paper);color:var(--ink);font:16px/1.55 system-ui,-apple-system,"Segoe UI",Roboto,"DejaVu Sans",sans-serif}
main{max-width:72rem;margin:0 auto;padding:0 1.25rem 4rem}
h1{font-size:clamp(1.5rem,1rem + 2.2vw,2.3rem);line-height:1.2;margin:.3rem 0 .5rem;letter-spacing:-.015em;display:flex;gap:.6rem;align-items:baseline}
h2{font-size:1.3rem;margin:2.6rem 0 .7rem;letter-spacing:-.01em}
h3{font-size:1rem;margin:1.6rem 0 .4rem;color:var(--faint);font-weight:600}
p{margin:.4rem 0}
a{color:var(--link);text-underline-offset:.18em;text-decoration-thickness:.06em}
a:hover{text-decoration-thickness:.12em}
:focus-visible{outline:3px solid var(--link);outline-offset:2px;border-radius:4px}
code{font-family:var(--mono);font-size:.86em;overflow-wrap:anywhere;unicode-bidi:isolate}
code i{font-style:normal;color:var(--faint);opacity:.75}
table{border-collapse:collapse;font-variant-numeric:tabular-nums}
th{text-align:left;font-weight:600}
td,th{padding:.3rem .8rem .3rem 0;vertical-align:top}
thead th{color:var(--faint);font-size:.85rem;font-weight:500}
tbody tr{border-top:1px solid var(--line)}
ul.plain{list-style:none;margin:0;padding:0}
.faint{color:var(--faint)}
.sr,.skip:not(:focus){position:absolute;width:1px;height:1px;overflow:hidden;clip-path:inset(50%);white-space:nowrap}
.skip:focus{position:fixed;top:.5rem;left:.5rem;z-index:9;background:var(--card);padding:.5rem 1rem}
.scroll{overflow-x:auto}
.chip,.level{display:inline-block;font-size:.78rem;line-height:1.5;padding:0 .5em;border-radius:1em;background:var(--open-bg);color:var(--open);white-space:nowrap}
.level{vertical-align:.08em;letter-spacing:.03em;font-weight:600;font-size:.7rem}
.chip.fail{background:var(--fail-bg);color:var(--fail)}.chip.warn{background:var(--warn-bg);color:var(--warn)}
.mark{display:inline-grid;place-items:center;flex:none;width:1.5em;height:1.5em;border-radius:50%;font-weight:700;font-size:.85em;line-height:1;color:var(--open);background:var(--open-bg)}
.mark.pass{color:var(--pass);background:var(--pass-bg)}.mark.fail{color:var(--fail);background:var(--fail-bg)}.mark.warn,.mark.missing{color:var(--warn);background:var(--warn-bg)}
.top{margin:0 calc(50% - 50vw) 1rem;padding:2.2rem calc(50vw - 50% + 0px) 1.4rem;border-bottom:1px solid var(--line);background:linear-gradient(180deg,var(--tone,var(--open-bg)),transparent)}
.top.pass{--tone:var(--pass-bg)}.top.fail{--tone:var(--fail-bg)}.top.warn{--tone:var(--warn-bg)}
.top .what{font-weight:600}.top .chip{background:var(--card)}
.target code{font-size:1rem}
.jump{display:flex;flex-wrap:wrap;gap:.2rem 1.2rem;margin:1rem 0 0;font-size:.92rem}
.facts{display:flex;flex-wrap:wrap;gap:.3rem 2rem;margin:1rem 0 0;font-size:.9rem}
.facts details{display:inline-block;vertical-align:top}.facts .chip{margin:.1rem 0}.facts dt{display:inline;color:var(--faint)}.facts dd{display:inline;margin:0 0 0 .4em}
.bar{display:flex;height:.8rem;gap:2px;border-radius:.4rem;overflow:hidden;margin:.5rem 0;background:var(--sunk)}
.bar span{background:var(--open);opacity:.4;min-width:3px}
.bar .pass{background:var(--pass);opacity:1}.bar .fail{background:var(--fail);opacity:1}.bar .warn,.bar .missing{background:var(--warn);opacity:1}.bar .untestable{opacity:.18}
.first{display:grid;grid-template-columns:minmax(19rem,5fr) 7fr;gap:0 3.5rem}.first h2{margin-top:1.2rem}
.levels{width:100%;margin:.8rem 0}.levels td,.levels thead th:not(:first-child){text-align:right;padding-right:.2rem}.levels tbody th{font-size:.9rem}
td.none{color:var(--faint);opacity:.45}td.fail{color:var(--fail);font-weight:700}td.warn,td.missing{color:var(--warn);font-weight:700}
#broken li,.requirements li{display:flex;gap:.7rem;padding:.55rem 0;border-top:1px solid var(--line)}
#broken li>div,.requirements li>div{min-width:0;flex:1}
.reasons{margin:.3rem 0;padding-left:1.2rem;font-size:.94rem}
.id{font-family:var(--mono);font-size:.84em;font-weight:600;text-decoration:none}.id:hover{text-decoration:underline}
.cases,.why{font-size:.88rem;color:var(--faint);margin:.15rem 0 0}
.case-link,.proofs a{font-family:var(--mono);font-size:.82rem;overflow-wrap:anywhere;margin-right:.6em}
.requirements li:target{background:var(--sunk);box-shadow:0 0 0 .5rem var(--sunk)}
.proofs{font-size:.88rem}.proofs>summary{color:var(--faint);width:max-content;max-width:100%}.proofs ul{margin:.2rem 0;padding-left:1.2rem}
.proofs a.fail{color:var(--fail)}.proofs a.warn{color:var(--warn)}
summary{cursor:pointer}
.group{content-visibility:auto;contain-intrinsic-size:auto 30rem}
#filter{position:sticky;top:0;z-index:5;display:flex;flex-wrap:wrap;gap:.5rem;align-items:center;padding:.7rem 0;background:var(--paper);border-bottom:1px solid var(--line)}
#filter fieldset{border:0;padding:0;margin:0;display:flex;flex-wrap:wrap;gap:.35rem}
#filter input[type=search]{flex:1 1 13rem;min-width:9rem}
#filter select{max-width:13rem}
input[type=search],select,button{font:inherit;font-size:.9rem;padding:.35rem .7rem;border:1px solid var(--line);border-radius:.5rem;background:var(--card);color:var(--ink)}
button{cursor:pointer}button:hover{border-color:var(--faint)}
.pill input{position:absolute;opacity:0}
.pill span{display:inline-block;font-size:.85rem;padding:.25rem .75rem;border-radius:1rem;border:1px solid var(--line);cursor:pointer;background:var(--card)}
.pill input:checked+span{background:var(--ink);color:var(--paper);border-color:var(--ink)}
.pill input:focus-visible+span{outline:3px solid var(--link);outline-offset:2px}
#filter output{font-size:.85rem;color:var(--faint);flex-basis:100%}
.head{display:flex;flex-wrap:wrap;justify-content:space-between;align-items:baseline;gap:.5rem}
.case{border:1px solid var(--line);border-radius:.7rem;background:var(--card);margin:.4rem 0;content-visibility:auto;contain-intrinsic-size:auto 3rem}
.case[open]{contain-intrinsic-size:auto 40rem}
.case.fail{border-left:4px solid var(--fail)}.case.warn{border-left:4px solid var(--warn)}
.case>summary{display:flex;flex-wrap:wrap;gap:.2rem .7rem;align-items:center;padding:.5rem .9rem;list-style:none}
.case>summary::-webkit-details-marker{display:none}
.case>summary:hover{background:var(--sunk);border-radius:.6rem}
.case .title{font-weight:550;flex:0 1 auto;min-width:0}.case-id{font-family:var(--mono);font-size:.78rem;color:var(--faint);overflow-wrap:anywhere}
.ms{margin-left:auto;color:var(--faint);font-size:.8rem;font-variant-numeric:tabular-nums}
.case:target{box-shadow:0 0 0 3px var(--link)}
.body{padding:.2rem 1.1rem 1.1rem;border-top:1px solid var(--line)}
.meta{font-size:.82rem;color:var(--faint)}
.note{padding:.5rem .8rem;border-radius:.5rem;background:var(--sunk)}.note.fail{background:var(--fail-bg);color:var(--fail)}
.failure{margin:.8rem 0;padding:.7rem 1rem;border-radius:.6rem;background:var(--fail-bg)}
.case.warn .failure{background:var(--warn-bg)}
.failure .requirement{font-weight:500}.failure .message{font-weight:600}
.failure .step{font-size:.9rem}.failure .faint{color:var(--ink);opacity:.72}
.failure ul{margin:.4rem 0;padding-left:1.2rem;font-size:.9rem}
.beside{display:grid;grid-template-columns:repeat(2,minmax(0,1fr));gap:.6rem;margin:.6rem 0}
.beside figure{margin:0;min-width:0}.beside figcaption{font-size:.76rem;letter-spacing:.04em;color:var(--ink);opacity:.72}
.beside figure:only-child{grid-column:1/-1}.beside>p{grid-column:1/-1;font-size:.82rem;margin:0}
.block{display:block;padding:.5rem .7rem;border-radius:.4rem;background:var(--card);border-left:3px solid var(--line);white-space:pre-wrap}
.good .block{border-color:var(--pass)}.bad .block{border-color:var(--fail)}
mark{background:var(--mark);color:var(--mark-ink);border-radius:2px;padding:0 1px;outline:1px solid var(--mark)}
.more>summary{color:var(--link);font-family:system-ui,sans-serif;font-size:.85rem}.more{display:block}
.again{font-size:.88rem}.copy{user-select:all;background:var(--sunk);padding:.15rem .4rem;border-radius:.3rem}
.notes,.tries{font-size:.88rem;color:var(--faint);padding-left:1.2rem}
.sequence{overflow-x:auto;margin:.8rem 0;border:1px solid var(--line);border-radius:.6rem;background:var(--paper)}
.sequence ol{--lane:9rem;--o:2.8rem;--width:calc((var(--n) - 1)*var(--lane) + 2*var(--o));list-style:none;margin:0;padding:0;min-width:calc(var(--width) + 18rem)}
.sequence ol.narrow{--lane:6rem}.sequence ol.slim{--lane:4rem}
.sequence li{display:grid;grid-template-columns:4.6rem var(--width) minmax(0,1fr);min-height:2rem;font-size:.88rem}
.sequence li::before{content:attr(data-at)}
.sequence li>div,.sequence li>details{padding:.4rem .8rem .3rem 0;min-width:0;overflow-wrap:anywhere}
.time,.sequence li::before{color:var(--faint);font-size:.76rem;padding:.5rem 0 0 .6rem;font-variant-numeric:tabular-nums;white-space:nowrap;text-align:right}
.wire{position:relative;background:repeating-linear-gradient(90deg,var(--line) 0 1px,transparent 1px var(--lane)) var(--o) 0/calc(var(--width) - var(--o)) no-repeat}
.lanes{position:sticky;top:0;background:var(--sunk);border-bottom:1px solid var(--line)}
.lanes .wire{display:grid;grid-template-columns:repeat(var(--n),var(--lane));margin-left:calc(var(--o) - var(--lane)/2);background:none;align-items:center}
.lane{justify-self:center;max-width:calc(var(--lane) - .4rem);overflow:hidden;text-overflow:ellipsis;white-space:nowrap;font-size:.8rem;padding:.05rem .7rem;border-radius:1rem;border:1px solid var(--line);background:var(--card)}
.lane.target{background:var(--ink);color:var(--paper);border-color:var(--ink)}
.arrow{position:absolute;top:.2rem;left:calc(var(--o) + var(--a)*var(--lane) + 1px);width:calc(var(--w)*var(--lane) - 2px);height:1.25rem;border-bottom:2px solid var(--tint,var(--link));text-align:center;font-weight:500;font-size:.74rem;line-height:1.15rem;white-space:nowrap;overflow:visible}
.arrow::after{content:"";position:absolute;bottom:-5px;border:4px solid transparent}
.arrow.right::after{right:0;border-left:7px solid var(--tint,var(--link));border-right:0}
.arrow.left::after{left:0;border-right:7px solid var(--tint,var(--link));border-left:0}
.arrow.receive{--tint:var(--pass)}
.arrow.connect,.arrow.close,.arrow.end{--tint:var(--faint);border-bottom-style:dotted;color:var(--faint)}
.arrow.reset{--tint:var(--fail);border-bottom-style:dashed;color:var(--fail)}
.arrow.absent{--tint:var(--fail);border-bottom-style:dashed;color:var(--fail)}
.marked{background:var(--fail-bg)}.marked .arrow{--tint:var(--fail)}
.fault{background:var(--fail-bg);box-shadow:inset 4px 0 var(--fail)}.sequence .fault::before{color:var(--fail);font-weight:700;font-size:1rem}.fault p{margin:.15rem 0 0}
.case.warn .marked,.case.warn .fault{background:var(--warn-bg)}
.hex summary{font:.86em/1.5 var(--mono);overflow-wrap:anywhere;unicode-bidi:isolate;list-style:none}.hex summary::-webkit-details-marker{display:none}
.hex summary::after{content:attr(data-size);margin-left:1em;font:.78rem system-ui,sans-serif;color:var(--faint);text-decoration:underline dotted;text-underline-offset:.2em;white-space:nowrap}
.hex summary:hover::after,.hex[open] summary::after{color:var(--link)}
.hex pre{margin:.3rem 0;padding:.5rem .7rem;background:var(--sunk);border-radius:.4rem;overflow-x:auto;font:.8rem/1.5 var(--mono);color:var(--ink)}
svg.states{display:block;margin:.5rem 0}
.states rect{fill:var(--card);stroke:var(--line);stroke-width:1.5}
.states text{fill:var(--ink);font-size:13px;text-anchor:middle;font-family:system-ui,sans-serif}
.states .name{font-weight:600}.states .count{font-size:11px;fill:var(--faint)}
.states .seen rect{fill:var(--pass-bg);stroke:var(--pass)}
.states .unseen rect{stroke-dasharray:5 4}.states .start rect{stroke-width:3}
.states .any rect{stroke-dasharray:2 3}
.states path{fill:none;stroke:var(--faint);stroke-width:1.6}
.states .edge.seen path{stroke:var(--pass)}.states .edge.unseen path{stroke-dasharray:5 4}
.states .edge text{font-size:12px;paint-order:stroke;stroke:var(--paper);stroke-width:4px;font-family:var(--mono)}.states .edge.unseen text{fill:var(--faint)}
.states marker path{stroke:none;fill:var(--faint)}.states marker.seen path{fill:var(--pass)}
.matrix{font-size:.85rem;margin:.8rem 0}.matrix td,.matrix th{padding:.35rem .6rem;border:1px solid var(--line)}.matrix tbody th{white-space:nowrap}.matrix .none{background:var(--sunk)}
.way{display:block;width:max-content;font-size:.78rem;margin:.15rem 0;padding:0 .45em;border-radius:.35rem;border:1px dashed var(--faint);color:var(--faint)}.way.seen{border:1px solid var(--pass);background:var(--pass-bg);color:var(--pass)}.way small{opacity:.8}
.log{list-style:none;margin:0;padding:.4rem;border:1px solid var(--line);border-radius:.6rem;background:var(--card);font-size:.88rem}
.log li{display:grid;grid-template-columns:4.6rem 8rem minmax(0,1fr);gap:.6rem}.log .what{color:var(--faint)}.log .time{padding-top:.15rem}.log code{white-space:pre-wrap}
.log .exited{background:var(--fail-bg)}
footer{margin-top:3rem;padding-top:1rem;border-top:1px solid var(--line);font-size:.85rem;color:var(--faint)}
@media (max-width:60rem){.first{grid-template-columns:1fr}}
@media (max-width:46rem){.beside{grid-template-columns:minmax(0,1fr)}.case>summary .title{flex:1 1 70%}.ms{margin-left:0}#filter{position:static}html{scroll-padding-top:1rem}.sequence ol{--lane:6rem;min-width:calc(var(--width) + 4rem)}
.sequence li{grid-template-columns:4rem var(--width)}.sequence li>div,.sequence li>details{grid-column:1/-1;padding-left:.8rem}.log li{grid-template-columns:4.6rem 1fr}.log code{grid-column:1/-1}}
@media print{:root{color-scheme:light;--paper:#fff;--sunk:#f4f4f4}body{font-size:10pt}main{max-width:none;padding:0}#filter,.skip,.buttons,.hex summary::after{display:none}
.case,.group{content-visibility:visible;contain-intrinsic-size:none}.case,.failure,.requirements li,.sequence li{break-inside:avoid}.case[open]{break-inside:auto}h2,h3{break-after:avoid}
.top{background:none;margin:0;padding:0 0 .5rem}.sequence,.scroll{overflow:visible}.lanes{position:static}*{print-color-adjust:exact;-webkit-print-color-adjust:exact}a{color:inherit}}
`;
