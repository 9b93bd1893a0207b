"""The marks beside the badges: one shape for each thing that can be said, readable without colour."""

_OUTLINE = (
    '<rect x="2.5" y="2.5" width="19" height="19" rx="2" fill="none" stroke="currentColor" stroke-width="2"/>'
)
_DASHED = _OUTLINE.replace("/>", ' stroke-dasharray="5 3"/>')
_DOTTED = _OUTLINE.replace("/>", ' stroke-dasharray="0.1 4" stroke-linecap="round"/>')

MARKS = {
    "filled": '<rect x="2" y="2" width="20" height="20" rx="2" fill="currentColor"/>',
    "nearly_filled": f'{_OUTLINE}<rect x="6" y="6" width="12" height="12" fill="currentColor"/>',
    "divided": f'{_OUTLINE}<path d="M2 2H12V22H2Z" fill="currentColor"/><path d="M15 8H19M15 12H19M15 16H19" '
    'stroke="currentColor" stroke-width="2"/>',
    "half": f'{_OUTLINE}<path d="M2 22V2L22 22Z" fill="currentColor"/>',
    "crossed": f'{_OUTLINE}<path d="M0 18L24 6" stroke="currentColor" stroke-width="3"/>',
    "dashed": _DASHED,
    "beside": '<path d="M3 3H11V21H3Z" fill="none" stroke="currentColor" stroke-width="2"/>'
    '<path d="M13 3H21V21H13Z" fill="currentColor"/>',
    "empty": _OUTLINE,
    "barred": f'{_OUTLINE}<path d="M6 12H18" stroke="currentColor" stroke-width="3"/>',
    "ended": f'{_OUTLINE}<path d="M6 12H18M12 6V18" stroke="currentColor" stroke-width="3"/>',
    "half-barred": f'{_OUTLINE}<path d="M12 3V21M14 12H19" stroke="currentColor" stroke-width="2"/>',
    "quarter": f'{_OUTLINE}<path d="M2 12H12V22H2Z" fill="currentColor"/>',
    "dotted": _DOTTED,
    "locked": f'{_OUTLINE}<path d="M8 11H16V17H8Z" fill="currentColor"/>'
    '<path d="M9.5 11V9A2.5 2.5 0 0 1 14.5 9V11" fill="none" stroke="currentColor" stroke-width="2"/>',
    "coming": '<circle cx="12" cy="12" r="9.5" fill="none" stroke="currentColor" stroke-width="2"/>'
    '<path d="M12 6V12L16 15" fill="none" stroke="currentColor" stroke-width="2"/>',
    "disputed": '<path d="M2 4H14V16H2Z" fill="none" stroke="currentColor" stroke-width="2"/>'
    '<path d="M10 8H22V20H10Z" fill="none" stroke="currentColor" stroke-width="2"/>'
    '<path d="M10 8H14V16H10Z" fill="currentColor"/>',
    "asking": '<path d="M3 3H21V16H12L7 21V16H3Z" fill="none" stroke="currentColor" stroke-width="2"/>'
    '<path d="M8 8H16M8 12H13" stroke="currentColor" stroke-width="2"/>',
    "drafted": f'{_DASHED}<path d="M7 17L15 7L17.5 9L9.5 18.5L7 19Z" fill="none" stroke="currentColor" '
    'stroke-width="1.5"/>',
    "paused": f'{_OUTLINE}<path d="M9 7V17M15 7V17" stroke="currentColor" stroke-width="3"/>',
    "replaced": '<path d="M2 2H15V15H2Z" fill="none" stroke="currentColor" stroke-width="2" '
    'stroke-dasharray="3 2"/><path d="M9 9H22V22H9Z" fill="currentColor"/>',
    "run_out": f'{_OUTLINE}<path d="M7 6H17L7 18H17Z" fill="none" stroke="currentColor" stroke-width="2"/>',
    "struck": f'{_OUTLINE}<path d="M3 21L21 3" stroke="currentColor" stroke-width="3"/>',
    "failed": f'{_OUTLINE}<path d="M7 7L17 17M17 7L7 17" stroke="currentColor" stroke-width="2"/>',
}


def draw(name: str) -> str:
    """The mark as inline SVG; decoration, since the words stand beside it."""
    return (
        '<svg class="mark" viewBox="0 0 24 24" width="24" height="24" aria-hidden="true" focusable="false">'
        f"{MARKS[name]}</svg>"
    )
