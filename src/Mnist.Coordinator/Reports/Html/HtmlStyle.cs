namespace Mnist.Coordinator.Reports.Html;

/// <summary>The style sheet of the report: light or dark, as the reader's system is.</summary>
internal static class HtmlStyle
{
    public const string Css = """
        :root {
          color-scheme: light dark;
          --page: #ffffff; --card: #f6f8fa; --line: #d8dee4; --text: #1f2328; --muted: #59636e;
          --right: #0a4f8a; --wrong: #c2410c; --good: #0b6e4f; --bad: #b42318;
          --s0: #0072b2; --s1: #d55e00; --s2: #009e73;
        }
        @media (prefers-color-scheme: dark) {
          :root {
            --page: #0d1117; --card: #161b22; --line: #30363d; --text: #e6edf3; --muted: #9198a1;
            --right: #58a6ff; --wrong: #f0883e; --good: #56d364; --bad: #ff7b72;
            --s0: #58a6ff; --s1: #f0883e; --s2: #3fb98a;
          }
          .digit img { filter: invert(1); outline-color: transparent; }
        }
        * { box-sizing: border-box; }
        body { margin: 0 auto; max-width: 1180px; padding: 32px 24px 64px; background: var(--page); color: var(--text);
          font: 16px/1.5 system-ui, -apple-system, "Segoe UI", Roboto, sans-serif; }
        h1 { margin: 0; font-size: 30px; line-height: 1.2; }
        h2 { margin: 44px 0 12px; font-size: 21px; }
        h3 { margin: 20px 0 8px; font-size: 16px; }
        p { margin: 6px 0 0; }
        .muted, caption { color: var(--muted); }
        .figures { display: grid; grid-template-columns: repeat(auto-fit, minmax(170px, 1fr)); gap: 12px; margin: 24px 0 0; padding: 0; }
        .figures div { padding: 14px 18px; border: 1px solid var(--line); border-radius: 10px; background: var(--card); }
        .figures dt { color: var(--muted); font-size: 14px; }
        .figures dd { margin: 2px 0 0; font-size: 24px; font-weight: 600; font-variant-numeric: tabular-nums; }
        .columns { display: grid; grid-template-columns: repeat(auto-fit, minmax(min(440px, 100%), 1fr)); gap: 24px; }
        .scroll { overflow-x: auto; }
        table { border-collapse: collapse; font-variant-numeric: tabular-nums; }
        .list { width: 100%; }
        .list th, .list td { padding: 7px 12px 7px 0; border-bottom: 1px solid var(--line); text-align: left; vertical-align: top; }
        .list th { font-weight: 500; color: var(--muted); white-space: nowrap; }
        .list td { overflow-wrap: anywhere; }
        .numbers td, .numbers th { text-align: right; }
        .confusion { border-collapse: separate; border-spacing: 3px; }
        .confusion td, .confusion th { min-width: 46px; height: 40px; padding: 0 4px; text-align: center; border-radius: 5px; }
        .confusion th { font-weight: 600; }
        .confusion .share { padding-left: 14px; color: var(--muted); white-space: nowrap; }
        .confusion .zero { color: var(--muted); opacity: .55; background: var(--card); }
        .confusion .right { background: color-mix(in srgb, var(--right) var(--part), var(--card)); }
        .confusion .wrong { background: color-mix(in srgb, var(--wrong) var(--part), var(--card)); }
        .confusion .strong { color: var(--page); font-weight: 600; }
        .gallery { display: grid; grid-template-columns: repeat(auto-fill, minmax(92px, 1fr)); gap: 14px; margin: 0; padding: 0; }
        .digit { margin: 0; text-align: center; font-size: 14px; line-height: 1.35; }
        .digit img { display: block; width: 84px; height: 84px; margin: 0 auto 4px; border-radius: 6px;
          outline: 1px solid var(--line); image-rendering: pixelated; }
        .digit b { font-size: 15px; } .good { color: var(--good); } .bad { color: var(--bad); }
        svg { display: block; width: 100%; height: auto; }
        svg text { fill: var(--muted); font-size: 13px; }
        svg .grid { stroke: var(--line); } svg .axis { stroke: var(--muted); }
        svg .line { fill: none; stroke-width: 2; } svg .faint { fill: none; stroke-width: 1; opacity: .3; }
        svg .s0 { stroke: var(--s0); } svg .s1 { stroke: var(--s1); } svg .s2 { stroke: var(--s2); }
        svg .dot { stroke: var(--page); stroke-width: 1.5; }
        svg .dot.s0 { fill: var(--s0); } svg .dot.s1 { fill: var(--s1); } svg .dot.s2 { fill: var(--s2); }
        .legend { display: flex; flex-wrap: wrap; gap: 4px 18px; font-size: 14px; color: var(--muted); }
        .legend i { display: inline-block; width: 18px; height: 3px; margin-right: 6px; border-radius: 2px; vertical-align: middle; }
        .legend .s0 { background: var(--s0); } .legend .s1 { background: var(--s1); } .legend .s2 { background: var(--s2); }
        .legend .faint { opacity: .4; }
        code { font: 13px/1.5 ui-monospace, "Cascadia Mono", Menlo, Consolas, monospace; overflow-wrap: anywhere; }
        @media print { h2 { break-after: avoid; } .digit, svg { break-inside: avoid; } }
        """;
}
