"""Ten thousand texts that want to run a script: what to run, where Markdown would let it, how it hides.

Each that succeeded would set `window.__pwned` or open a dialog.
"""

import html
from collections.abc import Callable, Mapping
from itertools import product
from random import Random
from urllib.parse import quote

SIZE = 10_000
DO = "window.__pwned=1;alert(1)"

SCRIPTS = (
    f"<script>{DO}</script>",
    f"<ScRiPt >{DO}</sCrIpT\n>",
    f"<script/x>{DO}</script>",
    f"<<script>{DO}//<</script>",
    f"<scr<script>ipt>{DO}</scr</script>ipt>",
    f"<script>{DO}",
    "<script src=data:,window.__pwned=1></script>",
    f"<img src=x onerror={DO}>",
    f"<img src=x onerror={DO}//",
    f'<img """><script>{DO}</script>">',
    f"<img/src=x/onerror={DO}>",
    f"<img\tsrc=x\nonerror\n=\n{DO}>",
    f"<svg onload={DO}>",
    f"<svg><script>{DO}</script></svg>",
    f"<svg><animate onbegin={DO} attributeName=x dur=1s>",
    f"<svg><a xlink:href='javascript:{DO}'><text y=20>x</text></a></svg>",
    f"<svg><use href='data:image/svg+xml,<svg id=x onload={DO} />#x'></svg>",
    f"<math><mtext><table><mglyph><style><img src=x onerror={DO}></style></mglyph></table></mtext></math>",
    f"<math><maction actiontype=statusline xlink:href=javascript:{DO}>x</maction></math>",
    f"<iframe srcdoc='<script>parent.{DO}</script>'></iframe>",
    f"<iframe src=javascript:{DO}></iframe>",
    f"<object data=javascript:{DO}></object><embed src=javascript:{DO}>",
    f"<body onload={DO}><input autofocus onfocus={DO}>",
    f"<details open ontoggle={DO}><summary>x</summary></details>",
    f"<video><source onerror={DO}></video><audio src=x onerror={DO}>",
    f"<marquee onstart={DO}>x</marquee>",
    f"<style>@import 'javascript:{DO}';*{{background:url(javascript:{DO})}}</style>",
    f"<p style='background:url(javascript:{DO});animation:x' onanimationstart={DO}>x</p>",
    f"<meta http-equiv=refresh content='0;url=javascript:{DO}'><base href=javascript:{DO}//>",
    f"<form action=javascript:{DO}><button autofocus>x</button></form><button form=vote>x</button>",
    f"<a href=javascript:{DO}>x</a><a href=' java\tscript:{DO}'>y</a>",
    f"<div hx-on:click='{DO}' hx-get=/ hx-trigger=load data-copy data-stream-url=/>x</div>",
    f"<div hx-vals='js:{{x:{DO}}}' hx-trigger='load[{DO}]' hx-get=/>x</div>",
    f"<noscript><p title='</noscript><img src=x onerror={DO}>'></noscript>",
    f"<textarea></textarea><img src=x onerror={DO}>",
    f"</p></div></template></article></main></body></html><script>{DO}</script>",
    f"<template><script>{DO}</script></template><slot onslotchange={DO}>",
    f"<!--><img src=x onerror={DO}>--><!-- --!><script>{DO}</script>",
    f"<![CDATA[<script>{DO}</script>]]><?xml version='1.0'?><x:script xmlns:x='http://www.w3.org/1999/xhtml'>{DO}",
    f"{{{{constructor.constructor('{DO}')()}}}} ${{{DO}}} {{% {DO} %}}",
    f"javascript:{DO}",
    f"JaVaScRiPt&colon;{DO}",
    f"\x01javascript:{DO}",
    f"vbscript:{DO}",
    "data:text/html;base64,PHNjcmlwdD5hbGVydCgxKTwvc2NyaXB0Pg==",
    f"data:image/svg+xml,<svg xmlns='http://www.w3.org/2000/svg' onload='{DO}'/>",
    f"blob:{DO}",
    f"//x.example/?{DO}",
    f"https://x.example/\" onmouseover=\"{DO}",
    f"mailto:x@x.example?subject=</title><script>{DO}</script>",
)  # fmt: skip

PLACES: tuple[str, ...] = (
    "{}", "[x]({})", "[x](<{}>)", "[x](https://x.example '{}')", "![x]({})", "![{}](https://x.example/x.png)",
    "[{}](https://x.example)", "<{}>", "[x]\n\n[x]: {}", "[x]\n\n[x]: <{}> \"{}\"", "[{}]: https://x.example",
    "`{}`", "``` {}\nx\n```", "```html\n{}\n```", "~~~js\n{}\n~~~", "    {}", "# {}", "> {}", "1. - {}",
    "|{}|b|\n|-|-|\n|a|{}|",
    "**{}**", "*_~~{}~~_*", "a\\\n{}", "{}\n===", "&lt;{}&gt;", "<div>\n{}\n</div>", "<b>{}</b>",
    "https://x.example/{}",
    "<https://x.example/{}>", "[^1]\n\n[^1]: {}", "$${}$$", "\\({}\\)", ":::{}\nx\n:::", "- [ ] {}",
    "- [x] {}",
)  # fmt: skip

DISGUISES: Mapping[str, Callable[[str], str]] = {
    "as it is": lambda text: text,
    "capitals": str.upper,
    "entities": html.escape,
    "numbered entities": lambda text: "".join(f"&#{ord(char)};" for char in text),
    "entities without end": lambda text: "".join(f"&#x{ord(char):x}" for char in text),
    "percent": quote,
    "NUL inside": lambda text: "\x00".join(text[place : place + 3] for place in range(0, len(text), 3)),
    "invisible spaces inside": lambda text: text.replace("s", "s\u200b").replace("<", "<\u00ad"),
    "against its direction": lambda text: f"\u202e{text}\u202c\u2066{text}\u2069",
    "other line ends": lambda text: text.replace(" ", "\r").replace(";", ";\u2028"),
    "backslashes": lambda text: "".join(f"\\{char}" if char in "<>()[]:" else char for char in text),
    "wide letters": lambda text: text.replace("<", "\uff1c").replace("script", "\uff53cript"),
    "twice, cut": lambda text: f"{text[: len(text) // 2]}\n\n{text}",
    "after a long word": lambda text: "a" * 300 + text,
}


def corpus() -> list[str]:
    """SIZE different texts, the same each time."""
    texts = {
        place.replace("{}", disguise(script))
        for script, place, disguise in product(SCRIPTS, PLACES, DISGUISES.values())
    }
    return Random(7).sample(sorted(texts), SIZE)
