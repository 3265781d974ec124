"""Names that begin with a dash, as ids of YouTube and some handles do: words of a command, not options."""

import re
from typing import Any, Final

import click

# No word of a command line holds this.
_MARK: Final = "\x00"
_NUMBER: Final = re.compile(r"-[0-9.]+")


class NamesWithDash(click.Command):
    """A command without short options of its own, whose words may begin with a dash: `neighbours -AbC`."""

    def __init__(self, *words: Any, **named: Any) -> None:
        super().__init__(*words, **named)
        # Negative numbers may be names, too.
        self.context_settings["ignore_unknown_options"] = True

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        """As every command does, but for words with one dash; an unknown long option is still one that was mistyped."""
        ends = args.index("--") if "--" in args else len(args)
        known = {flag for p in self.get_params(ctx) for flag in (*p.opts, *p.secondary_opts)}
        for word in args[:ends]:
            flag = word.partition("=")[0]
            if flag.startswith("--") and flag not in known:
                near = sorted(k for k in known if k.startswith(flag[:4]))
                raise click.NoSuchOption(flag, possibilities=near, ctx=ctx)
        marked = [_MARK + word if _is_name(word) and word not in known else word for word in args[:ends]]
        rest = super().parse_args(ctx, [*marked, *args[ends:]])
        ctx.params = {name: _unmarked(value) for name, value in ctx.params.items()}
        return rest


def _is_name(word: str) -> bool:
    return word.startswith("-") and not word.startswith("--") and len(word) > 1 and not _NUMBER.fullmatch(word)


def _unmarked(value: Any) -> Any:
    if isinstance(value, tuple):
        return tuple(map(_unmarked, value))
    return value.removeprefix(_MARK) if isinstance(value, str) else value
