"""A place in a tokenized query, and the operators of Cypher, each with what binds more tightly on its sides."""

from abc import abstractmethod
from typing import Final, NoReturn

from graphwatch.queries.grammar.tokens import RESERVED, Kind, Token, refuse, remedy_for, tokenize
from graphwatch.queries.grammar.tree import Binary, Expression, IsNull, Literal, Logic, Unary

# Deeper nesting than any analyst writes; it also keeps the grammar's own recursion short.
DEEPEST: Final = 40
_CLOSING: Final = {"(": ")", "[": "]", "{": "}"}


class Cursor:
    """The tokens of a query and the position that has been read up to."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.tokens = tokenize(text)
        self.position = 0
        self.cases = self.clauses = self.nodes = 0
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


_COMPARISONS: Final = frozenset({"=", "<>", "<", ">", "<=", ">="})
# A row of sums or products is a tree as deep as it is long.
_LONGEST_ROW: Final = 300


class Operators(Cursor):
    """Reads rows of operators; the values between them are read by the class that knows them."""

    @abstractmethod
    def value(self) -> Expression:
        """Read a value without operators."""

    @abstractmethod
    def behind_value(self, value: Expression, at: int) -> Expression:
        """Read what may follow a value: properties, positions, labels."""

    @abstractmethod
    def number(self, token: Token, at: int, *, negative: bool = False) -> Literal:
        """The number of a token that was stepped over."""

    def expression(self) -> Expression:
        """Read one expression, as far as it goes."""
        return self._logic("OR")

    def _logic(self, operator: str) -> Expression:
        """Read conditions joined by an operator, each made of those that bind more tightly."""
        tighter = {"OR": "XOR", "XOR": "AND", "AND": ""}[operator]
        at = self.at
        items = [self._logic(tighter) if tighter else self._negation()]
        while self.take(operator):
            items.append(self._logic(tighter) if tighter else self._negation())
        return items[0] if len(items) == 1 else Logic(operator, tuple(items), at=at, end=self.behind)

    def _negation(self) -> Expression:
        at, times = self.at, 0
        while self.take("NOT"):
            times += 1
        negated = self._comparison()
        # Any number of them says as much as one or two.
        for _ in range(2 - times % 2 if times else 0):
            negated = Unary("NOT", negated, at=at, end=self.behind)
        return negated

    def _comparison(self) -> Expression:
        at = self.at
        sides, pairs = [self._test()], []
        while (operator := self.peek().upper) in _COMPARISONS:
            self.step()
            sides.append(self._test())
            pairs.append(Binary(operator, sides[-2], sides[-1], at=at, end=self.behind))
        if len(pairs) < 2:
            return pairs[0] if pairs else sides[0]
        # a < b < c asks for both.
        return Logic("AND", tuple(pairs), at=at, end=self.behind)

    def _test(self) -> Expression:
        """Read a value and the tests by words behind it."""
        at, value = self.at, self._sum()
        times = 0
        while True:
            times = self.counted(times)
            if self.take("IS", "NOT", "NULL"):
                value = IsNull(value, negated=True, at=at, end=self.behind)
            elif self.take("IS", "NULL"):
                value = IsNull(value, negated=False, at=at, end=self.behind)
            elif operator := self._tested():
                value = Binary(operator, value, self._sum(), at=at, end=self.behind)
            else:
                return value

    def _tested(self) -> str:
        if self.take("STARTS", "WITH"):
            return "STARTS WITH"
        if self.take("ENDS", "WITH"):
            return "ENDS WITH"
        return self.step().upper if self.peek().upper in ("IN", "CONTAINS", "=~") else ""

    def _sum(self) -> Expression:
        at, value = self.at, self._product()
        times = 0
        while self.peek().upper in ("+", "-") or (self.sees("|", "|") and self.adjacent()):
            operator = self.step().upper
            if operator == "|":
                self.step()
                operator = "||"
            times = self.counted(times)
            value = Binary(operator, value, self._product(), at=at, end=self.behind)
        return value

    def _product(self) -> Expression:
        at, value = self.at, self._power()
        times = 0
        while self.peek().upper in ("*", "/", "%"):
            times = self.counted(times)
            value = Binary(self.step().upper, value, self._power(), at=at, end=self.behind)
        return value

    def _power(self) -> Expression:
        at, value = self.at, self._signed()
        times = 0
        while self.take("^"):
            times = self.counted(times)
            value = Binary("^", value, self._signed(), at=at, end=self.behind)
        return value

    def counted(self, times: int) -> int:
        """One more, refused where a row grows beyond what can be followed."""
        if times >= _LONGEST_ROW:
            self.fail(f"more than {_LONGEST_ROW} operators in a row", "Write it in steps, with WITH.")
        return times + 1

    def _signed(self) -> Expression:
        at, minus, signed = self.at, 0, False
        while self.sees("-") or self.sees("+"):
            signed = True
            minus += self.step().upper == "-"
        if signed and self.peek().kind is Kind.NUMBER and minus % 2:
            return self.behind_value(self.number(self.step(), at, negative=True), at)
        value = self.behind_value(self.value(), at if not signed else self.at)
        if not signed:
            return value
        return Unary("-" if minus % 2 else "+", value, at=at, end=self.behind)
