"""Families of texts beside brute force, and texts that are odd."""

from hashlib import blake2b

import numpy as np

from graphwatch.detection.families.wordings import families, families_of, plain

VOCABULARY = [
    "jalan",
    "desa",
    "air",
    "pasar",
    "pupuk",
    "sawah",
    "sekolah",
    "guru",
    "listrik",
    "banjir",
    "panen",
    "beras",
]


def texts(seed: int, number: int) -> list[str]:
    random = np.random.default_rng(seed)
    made = [" ".join(random.choice(VOCABULARY, random.integers(6, 12))) for _ in range(number)]
    for place in random.integers(0, number, number // 3).tolist():
        source = made[int(random.integers(0, number))]
        cut = int(random.integers(0, len(source)))
        made[place] = source[:cut] + str(random.choice(["!", " ya", "🙏"])) + source[cut:]
    return list(dict.fromkeys(made))


def runs(text: str) -> set[str]:
    return {text[i : i + 5] for i in range(max(len(text) - 4, 1))}


def by_hand(wordings: list[str], weight: list[int]) -> list[int]:
    """Every wording beside every one that leads a family, in the order that is promised."""
    first = lambda i: (-weight[i], blake2b(wordings[i].encode(), digest_size=8).digest())  # noqa: E731
    own, named = [runs(w) for w in wordings], list(range(len(wordings)))
    leading: list[int] = []
    for i in sorted(named, key=first):
        near = {j: len(own[i] & own[j]) / len(own[i] | own[j]) for j in leading}
        best = max(near, key=lambda j: near[j], default=-1)
        if best >= 0 and near[best] >= 0.7:
            named[i] = best
        else:
            leading.append(i)
    return named


def test_families_are_those_of_brute_force():
    wordings = [plain(text) for text in texts(1, 400)]
    weight = np.random.default_rng(2).integers(1, 4, len(wordings))

    found = families(wordings, weight)

    assert found.tolist() == by_hand(wordings, weight.tolist())
    assert len(set(found.tolist())) < len(wordings) - 50


def test_order_of_rows_and_threads_change_nothing():
    given = texts(3, 200)
    order = np.random.default_rng(4).permutation(len(given))
    users = np.ones(len(given), int)

    found, shuffled = families_of(given, users), families_of([given[i] for i in order], users, threads=1)

    assert shuffled.tolist() == found[order].tolist()


def test_odd_texts():
    long = "kami warga desa " * 4_096
    given = [long, long + "!", "🙏" * 50, "🙏 " * 8, "aamiin", "", "@budi https://x.example/1", "a\ud800b " * 9]

    found = families_of(given, np.ones(len(given), int))

    assert found[0] == found[1] >= 0
    assert found[3] >= 0
    assert found[[2, 4, 5, 6]].tolist() == [-1] * 4
    assert families_of([], []).tolist() == []


def test_texts_of_64_kb_are_compared_by_their_beginning_whatever_they_are_made_of():
    marks = "kami warga desa a" + "\u0300\u0327" * 32_768  # in order only with the square of their number
    katakana = "harga pupuk naik terus dan sawah kebanjiran k" + "\uff9e\u0300" * 32_768
    own = ["".join(np.random.default_rng(n).choice(list("abcdefghijklmno "), 65_536)) for n in range(10)]
    end = " jalan desa kami rusak parah sekali pak"
    given = [odd + end + "!" * n for odd in (marks, katakana) for n in range(10)] + own

    found = families_of(given, np.ones(len(given), int))

    assert len(set(found[:10].tolist())) == len(set(found[10:20].tolist())) == 1
    assert len(set(found.tolist())) == 12


def test_a_chain_of_small_changes_is_not_one_family():
    words = [f"kata{i:02}" for i in range(40)]
    chain = [" ".join(words[i : i + 20]) for i in range(0, 20, 2)]

    found = families(chain, np.ones(len(chain), int))

    assert found[0] != found[-1]
