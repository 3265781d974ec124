"""A place in a tokenized query, and the few moves that the grammar makes from it."""

from typing import Final, NoReturn

from graphwatch.queries.grammar.tokens import RESERVED, Kind, Token, refuse, remedy_for, tokenize

# Deeper nesting than any analyst writes; it also keeps the grammar's own recursion short.
DEEPEST: Final = 40
_CLOSING: Final = {"(": ")", "[": "]", "{": "}"}


class Cursor:
    """The tokens of a query and the position that has been read up to."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.tokens = tokenize(text)
        self.position = 0
        self.cases = 0
        # Of each token, the position of the innermost bracket that is open before it; -1 for none.
        self.opened: list[int] = []
        self.closing = self._match_brackets()

    def _match_brackets(self) -> dict[int, int]:
        """The position of the bracket that closes each opening one."""
        open_at: list[int] = []
        closing: dict[int, int] = {}
        for position, token in enumerate(self.tokens):
            self.opened.append(open_at[-1] if open_at else -1)
            if token.upper in _CLOSING:
                open_at.append(position)
                if len(open_at) > DEEPEST:
                    self.fail(f"brackets nest more than {DEEPEST} deep", "Write it in steps, with WITH.", token)
            elif token.upper in _CLOSING.values():
                opened = open_at.pop() if open_at else None
                if opened is None or _CLOSING[self.tokens[opened].text] != token.text:
                    self.fail(f"the bracket {token.text} closes nothing", "Check the brackets.", token)
                closing[opened] = position
        if open_at:
            left = self.tokens[open_at[-1]]
            self.fail(f"the bracket {left.text} is never closed", "Check the brackets.", left)
        return closing

    def peek(self, ahead: int = 0) -> Token:
        """The token that many places ahead; the end stays the end."""
        return self.tokens[min(self.position + ahead, len(self.tokens) - 1)]

    @property
    def at(self) -> int:
        """The offset of the next token."""
        return self.tokens[min(self.position, len(self.tokens) - 1)].at

    @property
    def behind(self) -> int:
        """The offset behind the last token that was stepped over."""
        return self.tokens[self.position - 1].end

    def adjacent(self) -> bool:
        """Whether the next two tokens stand without a space between."""
        return self.peek().end == self.peek(1).at

    def bar_joins(self) -> bool:
        """Whether `|` behind a label in an expression joins labels; in a list or a call it opens the result."""
        opened = self.opened[self.position]
        if opened < 0:
            return True
        before = self.tokens[opened - 1] if opened else None
        return self.tokens[opened].upper == "(" and (before is None or before.kind is not Kind.WORD)

    def sees(self, *words: str) -> bool:
        """Whether exactly these words and symbols come next."""
        last = len(self.tokens) - 1
        return all(self.tokens[min(self.position + ahead, last)].upper == word for ahead, word in enumerate(words))

    def take(self, *words: str) -> bool:
        """Step over these words and symbols if they come next, and say whether they did."""
        if not self.sees(*words):
            return False
        self.position += len(words)
        return True

    def step(self) -> Token:
        """The next token, stepped over."""
        token = self.peek()
        self.position += 1
        return token

    def need(self, word: str) -> None:
        """Step over a word or symbol that must come next."""
        if not self.take(word):
            self.fail_here(f"{word} was expected")

    def name(self) -> Token:
        """A name where nothing else can stand, so that it may equal a keyword."""
        if self.peek().kind not in (Kind.WORD, Kind.QUOTED):
            self.fail_here("a name was expected")
        return self.step()

    def variable(self) -> Token:
        """A name where a clause or operator could be meant."""
        if self.peek().upper in RESERVED:
            self.fail_here("a name was expected")
        return self.name()

    def sees_name(self) -> bool:
        """Whether a name comes next that is no keyword."""
        token = self.peek()
        return token.kind is Kind.QUOTED or (token.kind is Kind.WORD and token.upper not in RESERVED)

    def fail(self, what: str, remedy: str, token: Token | None = None) -> NoReturn:
        """Refuse the query at a token, by default the next one."""
        refuse(self.text, (token or self.peek()).at, what, remedy)

    def fail_here(self, expected: str) -> NoReturn:
        """Refuse the next token, which is not what a reading query has there."""
        token = self.peek()
        if token.kind is Kind.END:
            self.fail(f"{expected}, but the query ends", "Complete the query.")
        if token.upper in RESERVED:
            what = f"{token.upper} cannot stand here ({expected})"
            self.fail(what, f"{remedy_for(token.text)} If it is a name, put it in backticks.")
        self.fail(f"{expected}, but found {token.text!r}", "Check the query up to this place.")
