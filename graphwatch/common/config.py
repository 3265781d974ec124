"""Configs: what a verb can be asked, each field declared once with its default, bounds and help.

A verb takes a config or single values by name; the command of the same name has an option for each field.
"""

from collections.abc import Mapping
from dataclasses import Field, dataclass, field, fields, replace
from difflib import get_close_matches
from types import MappingProxyType
from typing import Any, ClassVar, Final, Self

from graphwatch.common.i18n import LANGUAGES
from graphwatch.errors import UsageError

_OPTION: Final = "option"
LANGUAGE_HELP: Final = "Language of the words. [default: the store's, else the locale's]"


@dataclass(frozen=True, slots=True, kw_only=True)
class Option:
    """What is known of a field beside its type and default.

    Attributes:
        help: what it does, for the help of the command and for forms.
        refused: what is said of a value that is not allowed, with `{value}` in it.
        remedy: what to give instead.
        least, most: bounds that are allowed themselves.
        above, below: bounds that are not.
        choices: the only values; where there are `many`, in any case.
        many: whether there may be several; they are kept as a tuple.
        pairs: the form of a word of the command, as `column=property`; the field is a mapping.
        joined: whether one left side may have several right sides, with commas between.
        flag: the option of the command; made of the field's name when left out.
        bare: what the option stands for without a value; where there are choices, so does True.
        flags: choices that are options of their own, each with its help; the default has none.
        metavar: what stands for the value in the help of the command.
    """

    help: str
    refused: str = "{value} is not allowed"
    remedy: str = ""
    least: float | None = None
    most: float | None = None
    above: float | None = None
    below: float | None = None
    choices: tuple[str, ...] = ()
    many: bool = False
    pairs: str = ""
    joined: bool = False
    flag: str | None = None
    bare: str | None = None
    flags: tuple[tuple[str, str], ...] = ()
    metavar: str | None = None

    @property
    def is_bounded(self) -> bool:
        """Whether it is a number, of which some are allowed."""
        return (self.least, self.most, self.above, self.below) != (None,) * 4

    def allowed(self, value: Any) -> Any:
        """The value as it is kept.

        Raises:
            UsageError: it is not allowed.
        """
        if value is None:
            return None
        if self.many:
            return self._several((value,) if isinstance(value, str) else tuple(value))
        if self.pairs:
            return MappingProxyType(dict(value))
        if self.choices and self.bare and isinstance(value, bool):
            return self.bare if value else False
        if (self.choices and value not in self.choices) or (self.is_bounded and not self._within(value)):
            raise self._refusal(f"{value:g}" if isinstance(value, float) else value)
        return value

    def _several(self, values: tuple[Any, ...]) -> tuple[Any, ...]:
        if self.choices:
            asked = {str(value).upper() for value in values}
            unknown = asked - {choice.upper() for choice in self.choices}
            if not asked or unknown:
                raise self._refusal(", ".join(sorted(unknown)) or "none given")
            return tuple(choice for choice in self.choices if choice.upper() in asked)
        if self.is_bounded:
            values = tuple(sorted(set(values)))
            if not values or not all(map(self._within, values)):
                raise self._refusal(", ".join(map(str, values)) or "nothing")
        return values

    def _within(self, value: Any) -> bool:
        """Written so that what is no number fails it, NaN too."""
        return (
            isinstance(value, int | float)
            and (self.least is None or value >= self.least)
            and (self.most is None or value <= self.most)
            and (self.above is None or value > self.above)
            and (self.below is None or value < self.below)
        )

    def _refusal(self, said: Any) -> UsageError:
        return UsageError(
            self.refused.format(value=said), remedy=self.remedy or f"Choose from {_listed(self.choices)}."
        )


def option(default: Any, help: str, **more: Any) -> Any:
    """A field of a config; `more` are attributes of `Option`."""
    return field(default=default, metadata={_OPTION: Option(help=help, **more)})


class Config:
    """What a verb can be asked; its subclasses are frozen dataclasses whose fields are made by `option`."""

    __dataclass_fields__: ClassVar[dict[str, Field[Any]]]

    def __post_init__(self) -> None:
        for name, declared in options_of(type(self)).items():
            object.__setattr__(self, name, declared.allowed(getattr(self, name)))

    @classmethod
    def asked(cls, config: Self | None, overrides: Mapping[str, Any]) -> Self:
        """The config, or the default one, with single values in place of its own.

        Raises:
            UsageError: a value is not allowed, or there is no field of such a name.
        """
        known = options_of(cls)
        for name in overrides:
            if name not in known:
                near = get_close_matches(name, known, 1, 0.5)
                remedy = f"Did you mean {near[0]}?" if near else f"There are {_listed(tuple(known))}."
                raise UsageError(f"{cls.__name__} has no {name!r}", remedy=remedy)
        return replace(config or cls(), **overrides)

    def changed(self) -> list[str]:
        """Names of the fields that are not as in the default config."""
        usual = type(self)()
        return [f.name for f in fields(self) if getattr(self, f.name) != getattr(usual, f.name)]


def lang_option() -> Any:
    """The field `lang` of every config whose verb writes words for readers; None is what the project says."""
    return option(
        None,
        LANGUAGE_HELP,
        choices=LANGUAGES,
        refused="unknown language {value!r}",
        remedy=f"Take one of: {_listed(LANGUAGES)}.",
    )


def options_of(config: type[Config]) -> dict[str, Option]:
    """What is declared of each field, in order."""
    return {f.name: f.metadata[_OPTION] for f in fields(config)}


def _listed(words: tuple[str, ...]) -> str:
    return ", ".join(words)
