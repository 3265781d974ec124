"""`graphwatch load FILE --map`: a person maps the columns of an unknown file once, and keeps that as a preset."""

import re
from collections.abc import Callable
from dataclasses import dataclass, field
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import click

from graphwatch.cli.terminal import note
from graphwatch.common.i18n import text
from graphwatch.errors import UsageError

if TYPE_CHECKING:
    from graphwatch.ingest.config import LoadConfig
    from graphwatch.ingest.guessing import Peek
    from graphwatch.ingest.loads import Field, Load

_SHOWN: Final = 40
_EXAMPLES: Final = 3
_BACK: Final = "<"
_OFFSET: Final = re.compile(r"^\d{10}(\d{3})?(\.\d*)?$|(Z|[+-]\d\d(:?\d\d)?)$")


class _BackError(Exception):
    """The person wants to answer the question before again."""


@dataclass(slots=True)
class _Answers:
    """What a person has said so far."""

    kind: str
    columns: dict[str, str] = field(default_factory=dict)
    constants: dict[str, str] = field(default_factory=dict)
    timezone: str | None = None
    time_format: str | None = None
    path: Path | None = None
    meaning: str = ""


# Asks one question; whether there was anything to ask.
_Step = Callable[[], bool]


def mapped(file: Path, config: "LoadConfig", language: str) -> Path | None:
    """Ask which column gives which property, and save a preset; `<` goes back to the question before.

    Returns:
        The preset's file, None if the person does not want to load with it now.

    Raises:
        InputError: the file cannot be read.
        UsageError: the preset cannot be saved there.
    """
    from graphwatch.ingest.guessing import peek

    seen = peek(file, config.encoding, config.delimiter, config.sheet)
    asking = _Asking(file, seen, language, config.kind)
    asking.ask_all()
    path = _saved(asking.answers)
    note(asking.words("saved", path=str(path)))
    return path if click.confirm(asking.words("load"), default=True, err=True) else None


class _Asking:
    """The questions about one file, in a language."""

    def __init__(self, file: Path, seen: "Peek", language: str, kind: str | None) -> None:
        from graphwatch.ingest.proposing import likely_kind

        self._file, self._seen, self._language = file, seen, language
        self._is_kind_said, self._shown_kind, self._names = kind is not None, "", list[str]()
        self.answers = _Answers(kind or likely_kind(seen))

    def words(self, key: str, **values: str) -> str:
        """A text of the conversation."""
        return text(f"map.{key}", self._language, **values)

    def ask_all(self) -> None:
        """Ask what is not known; going back passes over what was not asked."""
        at, asked = 0, list[int]()
        while at < len(steps := self._steps()):
            try:
                if steps[at]():
                    asked.append(at)
                at += 1
            except _BackError:
                at = asked.pop() if asked else at

    def _steps(self) -> list[_Step]:
        fields = sorted(self._load.fields, key=lambda f: not f.required)
        of_fields = [lambda f=f: self._ask_column(f) for f in fields]
        return [self._ask_kind, *of_fields, self._check_enough, self._ask_times, self._ask_path, self._ask_meaning]

    @property
    def _load(self) -> "Load":
        from graphwatch.ingest.loads import LOADS

        return LOADS[self.answers.kind]

    def _prompt(self, words: str, **how: Any) -> str:
        answer = str(click.prompt(words, err=True, **how)).strip()
        if answer == _BACK:
            raise _BackError
        return answer

    def _ask_kind(self) -> bool:
        from graphwatch.ingest.loads import LOADS

        if not self._is_kind_said:
            for name in LOADS:
                note(f"  {name}: {text(f'field.{name}', self._language)}")
            kinds = click.Choice([*LOADS, _BACK])
            self.answers.kind = self._prompt(
                self.words("kind"), type=kinds, default=self.answers.kind, show_choices=False
            )
        if self._shown_kind != self.answers.kind:
            self.answers.columns, self.answers.constants = {}, {}
            self._show_columns()
            self._shown_kind = self.answers.kind
        return not self._is_kind_said

    def _show_columns(self) -> None:
        """Show the columns with examples; of persons no cells, and no name that may be somebody's."""
        from graphwatch.ingest.heading import shown_header
        from graphwatch.ingest.mapping import mapping_for
        from graphwatch.ingest.quarantine import printable

        load, seen = self._load, self._seen
        self._names = [printable(name) for name in shown_header(mapping_for(load.name), seen.header)]
        for number, (column, name) in enumerate(zip(seen.header, self._names, strict=True), 1):
            different = () if load.of_persons else islice(dict.fromkeys(seen.words(column)), _EXAMPLES)
            examples = " · ".join(" ".join(printable(word).split())[:_SHOWN] for word in different)
            note(f"  {number:>3}  {name[:_SHOWN]}{'   ' if examples else ''}{examples}")
        note(self.words("how"))

    def _ask_column(self, asked: "Field") -> bool:
        """The column or constant of a property."""
        from graphwatch.common.i18n import meaning
        from graphwatch.ingest.proposing import proposed_column

        columns, constants = self.answers.columns, self.answers.constants
        columns.pop(asked.name, None)
        constants.pop(asked.name, None)
        proposed = proposed_column(self.answers.kind, asked.name, self._seen, columns)
        names = dict(zip(self._seen.header, self._names, strict=True))
        default = names[proposed] if proposed else ("" if asked.required else "-")
        needed = f" ({self.words('required')})" if asked.required else ""
        while True:
            words = f"{asked.name}: {meaning(asked.meaning, self._language)}{needed}"
            answer = self._prompt(words, default=default or None)
            column = proposed if proposed and answer == default else self._column(answer)
            if column:
                columns[asked.name] = column
                return True
            if answer.startswith("=") and len(answer) > 1:
                wrong = _wrong_constant(self._load, asked, answer[1:])
                if not wrong:
                    constants[asked.name] = answer[1:]
                    return True
                note(wrong)
            elif answer == "-" and not asked.required:
                return True
            else:
                note(f"{self.words('no_column')} {self.words('how')}")

    def _column(self, answer: str) -> str | None:
        """The one column of that name or number."""
        header = self._seen.header
        if answer not in header and answer.isdecimal() and 0 < int(answer) <= len(header):
            answer = header[int(answer) - 1]
        return answer if header.count(answer) == 1 else None

    def _check_enough(self) -> bool:
        one_of = self._load.one_of
        if one_of and not any(name in self.answers.columns for name in one_of):
            note(self.words("one_of", names=", ".join(one_of)))
            raise _BackError
        return False

    def _ask_times(self) -> bool:
        """Time zone and format, asked only where times need them."""
        from graphwatch.ingest.loads import Check
        from graphwatch.ingest.mapping import mapping_for

        answers = self.answers
        answers.timezone = answers.time_format = None
        timed = [
            f.name for f in self._load.fields if f.type in (Check.TIME, Check.MOMENT) and f.name in answers.columns
        ]
        words = [word.strip() for name in timed for word in self._seen.words(answers.columns[name])]
        if all(_OFFSET.search(word) for word in words):
            return False
        while True:
            timezone = self._prompt(self.words("timezone"), default="Asia/Jakarta")
            time_format = None
            if not all(re.match(r"\d{4}-\d\d-\d\d", word) for word in words):
                time_format = self._prompt(self.words("time_format"), default="%d/%m/%Y %H:%M")
            try:
                mapping_for(self._load.name, timezone=timezone, time_format=time_format)
            except UsageError as error:
                note(str(error))
            else:
                answers.timezone, answers.time_format = timezone, time_format
                return True

    def _ask_path(self) -> bool:
        while True:
            path = Path(self._prompt(self.words("path"), default=f"{self._file.name.partition('.')[0]}.toml"))
            if path.suffix.lower() != ".toml":
                note(self.words("toml"))
            elif not path.exists() or click.confirm(self.words("replace", path=str(path)), default=False, err=True):
                self.answers.path = path
                return True

    def _ask_meaning(self) -> bool:
        default = self.words("meaning_default", file=self._file.name)
        self.answers.meaning = self._prompt(self.words("meaning"), default=default)
        return True


def _wrong_constant(load: "Load", field: "Field", value: str) -> str | None:
    """Why no row can have that value."""
    from graphwatch.ingest.mapping import mapping_for

    try:
        mapping_for(load.name, constants={field.name: value}, timezone="Asia/Jakarta")
    except UsageError as error:
        return str(error)
    return None


def _saved(answers: _Answers) -> Path:
    from graphwatch.common.files import replacing
    from graphwatch.ingest.proposing import preset_text

    path = answers.path
    assert path is not None, "it has been asked for"
    of_times = (answers.timezone, answers.time_format)
    content = preset_text(answers.kind, answers.meaning, answers.columns, answers.constants, *of_times, str(path))
    try:
        with replacing(path) as file:
            file.write(content)
    except UnicodeEncodeError as error:
        remedy = "Take undecodable characters out of the answers."
        raise UsageError(f"the preset cannot be saved: {error}", where=str(path), remedy=remedy) from None
    return path
