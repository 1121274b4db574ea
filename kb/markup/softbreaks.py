"""Line breaks inside Japanese sentences leave no gap.

A browser shows a line break in the source as a space. Japanese has none between its words.
"""

from __future__ import annotations

import re

# Characters that are wide or full-width, but for those of Korean, which has spaces.
_WIDE = (
    "\u2e80-\u2fff\u3001-\u312f\u3190-\u33ff\u3400-\u4dbf\u4e00-\ua4cf\uf900-\ufaff\ufe30-\ufe4f\uff01-\uff9f\uffe0-\uffe6"
    "\U00020000-\U0003fffd"
)
_WITHIN = r"(?:</?(?:a|abbr|b|cite|code|del|dfn|em|i|ins|kbd|label|mark|q|s|samp|small|span|strong|sub|sup|u|var)\b[^<>]*>)*+"
_BREAK = re.compile(f"([{_WIDE}]{_WITHIN})\n({_WITHIN})(?=[{_WIDE}])")
_CODE = re.compile("(<pre.*?</pre>)", re.DOTALL)


def closed_up(html: str) -> str:
    """Clean HTML without the line breaks between two wide characters; code stays as it is."""
    parts = _CODE.split(html)
    parts[::2] = [_BREAK.sub(r"\1\2", part) for part in parts[::2]]
    return "".join(parts)
