"""Which questions of a drafted report stand together in a chapter, by what they and their columns are called."""

import re
from collections import Counter
from collections.abc import Collection, Container, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import partial
from itertools import groupby, pairwise, starmap

from surveybook.drafts.labels import SIGNS, VOCABULARY, is_ordered, make_id, match_else, read_yes_or_no
from surveybook.drafts.records import POPULATION, DraftQuestion, list_kind_answers
from surveybook.model.paths import is_change_page
from surveybook.model.wording import is_written_as_name, listing, quote, sentence
from surveybook.respondents.codes import SMALL_WORDS

# Of questions that no section names so many stand in one chapter, if they have no more items or answers than these.
MOST_QUESTIONS, FEW_ITEMS, FEW_ANSWERS = 7, 4, 8
# Nobody reads more chapters: where there are, larger questions join too, up to so many rows of their charts.
MOST_CHAPTERS, MOST_ROWS = 12, 60
# So many shares, each of a question of its own, are drawn together; of statements about whatever, to which people said
# yes or no, so many neighbours.
LEAST_TOGETHER, LEAST_STATEMENTS = 2, 4
# What the names of columns of one section begin with: "A12_1", "A13".
COLUMN_START = re.compile(r"[\d_.]")
LONGEST_BACKGROUND, LONGEST_START = 6, 3
# Words that names don't have.
OF_SENTENCES = {*VOCABULARY["of_sentences"].split()}
LONGEST_TOPIC, SHORTEST_TOPIC = 4, 4
# A chapter is named after so many of its questions, if their labels are names, no sentences.
MOST_NAMED, LONGEST_NAMED = 3, 35
LONGEST_NAME = 25
# A title of more letters is cut, to so many at most; and a label of an item, whose chart has it whole.
LONGEST_TITLE, CUT_TITLE, LONGEST_LABEL = 90, 85, 60
# What is quoted in sentences has so many letters at most, and so many at least where it is cut.
LONGEST_QUOTE, SHORTEST_QUOTE = 75, 50
# Labels in capitals throughout are words where most of them are long, or several words; else they may be letters
# that stand for others: "USA", "NATO".
SHORTEST_WORD = 6
# What stands in brackets explains; what follows a question tells people what to do.
# "Do you [approve/disapprove] strongly?": what the program put there, of which one was read to each.
ALTERNATIVES = re.compile(r"(?<=[^\W\d_] )\[([^][]*[a-z][^][]*[/|][^][]*)\]")
IN_BRACKETS = re.compile(r"\s*(?:\([^()]*(?:\([^()]*\)[^()]*)*\)|\[[^][]*\])")
AFTER_QUESTION = re.compile(r"(?<=\?)\s+(?!.*\?).*$", re.DOTALL)
# "In the past week, how many …": when is told beneath.
ASKS = r"(?:how|what|which|who|where|why|do|does|did|are|is|have|has|would|will|can)\s"
# "How sure are you of the tool, which is new?" asks before.
SCENE = re.compile(rf"^(?!(?i:{ASKS}))[^,?]+,\s+(?={ASKS})")
SHORTEST_PART = 30
# Words in capitals throughout, too long for letters that stand for others: "UNICEF", "COVID-19".
SHOUTED = re.compile(r"(?=.*(?:[^\W\d_]{7}|[^\W\d_]{4} [^\W\d_]{4}))[^a-zß-öø-ÿ]+")
# No sentence ends with a letter that stands for a word, or a title: "e.g. Paris", "the U.S. Congress", "Dr. Who".
SENTENCE_END = re.compile(r"(?<=[.!?])(?<!\b\w\.)(?<!\b[A-Z]\w\.)\s+(?=[A-Z])")
# So many signs of a label programs keep; the last may have been a space.
CUT = (79, 80, 119, 120, 254, 255, 256)
# "2. Messages": which option of a list it is.
OPTION_NUMBER = re.compile(r"^\d{1,2}[.)]\s+(?=[^\W\d])")
# What two labels of one section begin with: "Health: …", "Health – …"; and a column within a group of a form.
SECTION = re.compile(r"\s*([^:|–?]{3,40}?)\s*(?::| [–|-] )\s*\S")


@dataclass(frozen=True)
class Chapter:
    """One chapter.

    Attributes
    ----------
    place : int
        Its place in the report.
    heading : str
        What it is called, in Markdown.
    questions : tuple of DraftQuestion
        Its questions.
    statements : dict of list of str
        Those of them that are known by a share alone and drawn together, by id, with the ids of their shares.
    """

    place: int
    heading: str
    questions: tuple[DraftQuestion, ...]
    statements: Mapping[str, Sequence[str]] = field(default_factory=dict)

    @property
    def topic(self) -> str:
        """What names of its charts begin with."""
        named = self.questions[0].first if self.is_of_one else self.heading.removesuffix(" and more")
        return make_id(named).replace("_", "-") or "questions"

    @property
    def name(self) -> str:
        """The name of its file."""
        name = f"{self.place:02d}-{self.topic}"
        return f"{name}-questions" if is_change_page(name) else name

    @property
    def is_background(self) -> bool:
        """Whether it tells who answered."""
        return is_background(self.questions[0])

    @property
    def is_of_one(self) -> bool:
        """Whether its heading is its only question."""
        return len(self.questions) == 1 and self.heading.startswith("{question}")

    @property
    def is_mixed(self) -> bool:
        """Whether its heading doesn't say what its first question is, and that question has a name that does."""
        first = self.questions[0]
        is_called = self.heading.startswith(("{question}", shorten_title(first.title)))
        is_told = is_called or (bool(self.statements) and first.kind == "scale")
        return not is_told and (first.kind != "number" or "?" in first.title)


def is_background(one: DraftQuestion) -> bool:
    """Return whether a question tells who somebody is: one from a list, with a short label or answers that say so."""
    is_listed = one.kind not in ("multiple", "scale") and bool(one.items)
    words = one.title.split()
    # A longer label may begin with who somebody is, and go on with where that is from.
    start = [] if OF_SENTENCES.intersection(map(str.lower, words[:LONGEST_START])) else words[:LONGEST_START]
    told = one.title if len(words) <= LONGEST_BACKGROUND else " ".join(start)
    is_named = bool(SIGNS["background"].search(told) or SIGNS["of_household"].search(one.title))
    is_told = sum(map(bool, map(SIGNS["own_states"].search, one.items.values()))) > 1
    return is_listed and (is_told or is_named) and not SIGNS["of_others"].search(one.title)


def find_section(one: DraftQuestion) -> str:
    """Return the section that a question says it is of: by what stands before a colon, or the group of a form."""
    group = {column.rpartition("/")[0].split("/")[0] for column in one.columns}
    if len(group) == 1 and (name := group.pop()):
        return name.replace("_", " ").strip().capitalize()
    found = SECTION.match(name_question(one.title))
    return found[1] if found else ""


def list_chapters(questions: Iterable[DraftQuestion], taken: Iterable[str] = ()) -> list[Chapter]:
    """Return questions in chapters, as they follow each other: sections by their names, and who answered last.

    No two have one heading, nor any a heading that is `taken` by those that are there.
    """
    questions = list(questions)
    news = [one for one in questions if not is_background(one)] or questions
    sections = assign_sections(news)
    # Neighbours to which people said yes or no stay together, and are drawn together.
    alike = [list(run) for _, run in groupby(news, lambda one: one.kind if is_yes_or_no(one) else one.question)]
    drawn = {one.question: run[0].question for run in alike if len(run) >= LEAST_STATEMENTS for one in run}
    grouped = groupby(news, lambda one: sections[one.question] or drawn.get(one.question, one.question))
    common, proper = find_common_words(one.title for one in news), set(find_names(news))
    headings, runs = list[str](), join_runs([list(run) for _, run in grouped], sections, common)
    for run in runs:
        among = list(dict.fromkeys(sections[one.question] for one in run))
        headings.append(name_run(run, among, common, proper, {*taken, *headings}))
    chapters = [
        Chapter(place, heading, tuple(run), find_statements([one for one in run if one.question in drawn]))
        for place, (heading, run) in enumerate(zip(headings, runs, strict=True), start=1)
    ]
    who = tuple(one for one in questions if one.question not in sections)
    return [*chapters, *([Chapter(len(chapters) + 1, "Who answered", who)] if who else [])]


def is_yes_or_no(one: DraftQuestion) -> bool:
    """Return whether a question is one statement to which people gave one of two answers."""
    return len(one.items) == 1 and len(one.answers) == 2 and bool(one.roles)


def find_statements(questions: Sequence[DraftQuestion]) -> dict[str, list[str]]:
    """Return the questions of a chapter that one share tells, with its id; none where they are too few.

    One share alone is known of them, or one speaks for each statement, by the same answers.
    """
    found, speaking = {}, {one.kind for one in questions if one.roles}
    for one in questions:
        first, *others = list_kind_answers([one])[one.kind]
        if one.kind == "scale" or (len(one.items) == 1 and (not others or (one.roles and len(speaking) == 1))):
            found[one.question] = [f"{POPULATION}.{item}.{one.roles.get('headline', first)}" for item in one.items]
    return found if len(found) >= LEAST_TOGETHER else {}


def assign_sections(questions: Sequence[DraftQuestion]) -> dict[str, str]:
    """Return the section of each question, "" for none: one that it names, or the word that its neighbours begin with.

    The rows of two grids may be called alike, and are no sections: those stand together.
    """
    named, begun = ([find(one) for one in questions] for find in (find_section, find_start))
    shared = {name for name, following in pairwise(named) if name == following}
    shared |= {one for one, two, three in zip(begun, begun[1:], begun[2:], strict=False) if one == two == three}
    pairs = zip(questions, named, begun, strict=True)
    return {one.question: next((name for name in names if name in shared - {""}), "") for one, *names in pairs}


def find_start(one: DraftQuestion) -> str:
    """Return the word that the label of a question begins with, if it is a name and no sentence; else ""."""
    first, *others = list_words([name_question(one.first)]) or [""]
    is_name = others and not one.first.endswith("?") and len(first) >= SHORTEST_TOPIC
    return first if is_name and first.lower() not in OF_SENTENCES | SMALL_WORDS else ""


def join_runs(
    runs: list[list[DraftQuestion]], sections: Mapping[str, str], common: Container[str]
) -> list[list[DraftQuestion]]:
    """Return neighbours in chapters: small questions together, and more of all while chapters are many.

    Those join first whose columns begin alike, as "A12" and "A13"; then those whose labels share the most words.
    """

    def are_small(run: Sequence[DraftQuestion]) -> bool:
        few = (len(one.items) <= (FEW_ANSWERS if one.kind == "single" else FEW_ITEMS) for one in run)
        return len({sections[one.question] for one in run}) == 1 and all(few)

    def rate(left: list[DraftQuestion], right: list[DraftQuestion]) -> tuple[int, bool, int, int]:
        run = left + right
        is_short = sum(len(one.items) + len(one.answers) for one in run) <= MOST_ROWS
        may_join = 0 if len(run) > MOST_QUESTIONS else 2 if are_small(run) else int(is_short)
        starts = {COLUMN_START.split(next(iter(one.columns), one.question))[0] for one in (left[-1], right[0])}
        shared = set.intersection(*({*list_words(one.title.lower() for one in run)} for run in (left, right)))
        told = sum(word not in common for word in shared)
        return may_join, len(starts) == 1, told, -len(run)

    rates = list(starmap(rate, pairwise(runs)))
    while rates and (best := max(rates))[0] >= (1 if len(runs) > MOST_CHAPTERS else 2):
        place = rates.index(best)
        runs[place : place + 2] = [runs[place] + runs[place + 1]]
        # The other neighbours are as they were.
        first = max(place - 1, 0)
        rates[first : place + 2] = starmap(rate, pairwise(runs[first : place + 2]))
    return runs


def list_words(titles: Iterable[str]) -> list[str]:
    """Return the words of labels, without what is in brackets."""
    return [word for title in titles for word in re.findall(r"[^\W_]+(?:[-’'][^\W_]+)*", IN_BRACKETS.sub("", title))]


def find_common_words(titles: Iterable[str]) -> set[str]:
    """Return words that name nothing, and those of so many labels that they don't tell what one is about."""
    all_words = [{*list_words([title.lower()])} for title in titles]
    times = Counter(word for words in all_words for word in words)
    most = max(len(all_words) / 4, 2 * MOST_QUESTIONS)
    return OF_SENTENCES | SMALL_WORDS | {word for word, number in times.items() if number > most}


def name_run(
    run: Sequence[DraftQuestion],
    sections: Sequence[str],
    common: Container[str],
    proper: Container[str],
    taken: Collection[str],
) -> str:
    """Return the heading of a chapter: words of labels, and none that is `taken`.

    That is its sections or its only question; else what most of its questions speak of, what they are called where
    that is short, or else one of them. A `proper` name keeps its capital.
    """
    if len(run) == 1 and not sections[0]:
        return f"{{question}}`{run[0].question}`"
    # One may be called after its own first statement, "and four more"; a column's own name tells nobody anything.
    told = [one for one in run if one.first not in one.columns] or run
    titles = [calm_text(IN_BRACKETS.sub("", title) or title) for title in (shorten_title(one.first) for one in told)]
    names = [title if is_written_as_name(title) or title.split()[0] in proper else f"{title[:1].lower()}{title[1:]}"
             for title in titles if len(title) <= LONGEST_NAMED and not title.endswith("?")]  # fmt: skip
    # An answer ("better") is not what questions are about.
    answers = {text.lower() for one in run for text in (*one.items.values(), *one.answers.values())}
    topic = find_topic(titles, common)
    topic = "" if topic.lower() in answers else topic
    whole = [*sections] if all(sections) else [topic] if topic else names if len(names) == len(run) else []
    # Of questions in sentences the first says what they are about, unless it is a scrap of one or long.
    one = min(titles, key=lambda title: not SHORTEST_PART <= len(title) <= LONGEST_LABEL)
    some = (whole, names if len(names) * 2 > len(run) else [], [quote(one)])
    called = [whole] if 0 < len(whole) <= MOST_NAMED else []
    called += [[*dict.fromkeys(part[: MOST_NAMED - 1]), "more"] for part in some if part]
    spare = f"{titles[0]} ({len(taken) + 1})"
    return next(text for text in (*map(sentence, map(listing, called)), *titles, spare) if text not in taken)


def find_topic(titles: Sequence[str], common: Container[str]) -> str:
    """Return the words beside each other that most titles have, the longest of those that the most have; else "".

    A title ends with them, or a label begins with them: words that only lead to others ("please") name nothing.
    """
    found, labels = dict[str, str](), [list_words([title]) for title in titles]
    for title, words in zip(titles, labels, strict=True):
        ends = [] if "…" in title[-2:] else [words[-number:] for number in range(1, LONGEST_TOPIC + 1)]
        for part in (*ends, *([] if title.endswith("?") else [words[:2]])):
            is_told = all(len(word) >= SHORTEST_TOPIC or word[1:].isupper() for word in (*part[:1], *part[-1:]))
            if part and is_told and not any(word.lower() in common for word in part):
                text = " ".join(part)
                # What one label has in capitals and another hasn't needs none: these stand behind in the alphabet.
                found[text.lower()] = max(text, found.get(text.lower(), ""))
    times = {text: sum(f" {text} " in f" {' '.join(words).lower()} " for words in labels) for text in found}
    most = [text for text in found if times[text] * 2 > len(titles) and times[text] > 1]
    return found[max(most, key=lambda text: (times[text], text.count(" ")))] if most else ""


def name_question(title: str) -> str:
    """Return what pages call a question: its label without its number and what it tells people to do, capitalised.

    Of a long label the last sentence is the name, if that is what asks: what stands before it sets the scene. What a
    program cut short goes, or ends in dots.
    """
    if len(title) in CUT and title[-1:].isalnum():
        # No sentence ends with "U.S." or "v."
        whole, *_ = re.split(r"(?<=[^\WA-Z][^\WA-Z][.?!])\s(?!.*[^\WA-Z]{2}[.?!]\s)", title)
        title = f"{title}…" if whole == title or len(whole.split()) < LONGEST_START else whole
    plain = title
    for sign in ("question_number", "of_answers", "instruction"):
        plain = SIGNS[sign].sub("", plain)
    plain = calm_text(ALTERNATIVES.sub(lambda found: re.sub(r"\s*[/|]\s*", "/", found[1]), plain).strip(" :-–"))
    *scene, asked = SENTENCE_END.split(plain)
    plain = asked if scene and asked.endswith("?") and len(plain.split()) > LONGEST_NAME else plain
    return sentence(plain if plain.endswith("..") else plain.removesuffix(".") or title)


def calm_text(text: str) -> str:
    """Return words that are in capitals throughout as they are written elsewhere."""
    # The first letter may stand behind a sign or a number: "¿Le gustaría …", "23.1 Pensando en …".
    calm = re.sub(r"[^\W\d_]", lambda letter: letter[0].upper(), text.lower(), count=1)
    return calm if SHOUTED.fullmatch(text) else text


def cut_text(text: str, most: int, least: int = SHORTEST_PART) -> str:
    """Return the start of a long text, to where a clause begins or else a word ends, with dots for the rest."""
    places = [found.start() for found in SIGNS["clause_begins"].finditer(text, least, most + 1)]
    place = max(places, default=0) or text.rfind(" ", 0, most)
    return f"{text[:place].rstrip(' ,;:–-')}…"


def shorten_title(title: str, *, keeps_scene: bool = False) -> str:
    """Return what pages call a question, in no more letters than a heading has room for; its chart has it whole.

    Of a long title goes what follows the question, then what stands in brackets, what sets the scene unless it
    `keeps_scene`, and then its end, from where a clause begins: dots stand there.
    """
    short = name_question(title)
    for leave_out in (AFTER_QUESTION, IN_BRACKETS, *([] if keeps_scene else [SCENE])):
        short = short if len(short) <= LONGEST_TITLE else sentence(leave_out.sub("", short).strip()) or short
    if len(short) <= LONGEST_TITLE:
        return short
    return f"{cut_text(short, CUT_TITLE)}{'?' if short.endswith('?') else ''}"


def capitalise(label: str) -> str:
    """Return a label as it stands alone, or in quotation marks; what has signs or capitals within is a name."""
    first = label.split(" ")[0]
    return sentence(label) if first.islower() and not re.search(r"[.@/:_\d]", first.rstrip(".:")) else label


def shorten_labels(labels: Mapping[str, str]) -> dict[str, str]:
    """Return what sentences call items, by id: long labels without their brackets, and cut, unless two are alike."""
    made = dict(labels)
    for shorten in (_leave_out_brackets, _cut_label):
        short = {item: shorten(label) for item, label in made.items()}
        times = Counter(short.values())
        made = {item: name if name and times[name] == 1 else made[item] for item, name in short.items()}
    return {item: capitalise(name) for item, name in made.items()}


def _leave_out_brackets(label: str) -> str:
    """Return a long label without what is in brackets."""
    return IN_BRACKETS.sub("", label).strip() if len(label) > LONGEST_LABEL else label


def _cut_label(label: str) -> str:
    """Return the start of a label that is too long to quote."""
    return cut_text(label, LONGEST_QUOTE, SHORTEST_QUOTE) if len(label) > LONGEST_QUOTE else label


def calm_labels(labels: Mapping[str, str]) -> dict[str, str]:
    """Return the labels of one list as readers are used to them: 'Some difficulty', where all of it is in capitals.

    Points end most of a list, or none of it; no word of a scale has a capital within a label that begins another; and
    numbers that begin the options of a list tell nothing.
    """
    told = {name: OPTION_NUMBER.sub("", label) for name, label in labels.items()}
    numbered = sum(told[name] != label for name, label in labels.items())
    labels = told if numbered > 1 and numbered * 2 > len(labels) and len({*told.values()}) == len(told) else labels
    ended = {name for name, label in labels.items() if re.search(r"[^.]\.$", label)}
    labels = {name: label[:-1] if name in ended and 2 * len(ended) > len(labels) else label
              for name, label in labels.items()}  # fmt: skip
    plain = [IN_BRACKETS.sub("", label) for label in labels.values()]
    are_words = [len(text) >= SHORTEST_WORD or " " in text or bool(read_yes_or_no(text)) for text in plain]
    is_shouted = all(text == text.upper() and text != text.lower() for text in plain if re.search(r"[^\W\d_]", text))
    if is_shouted and sum(are_words) * 2 > len(plain):
        # A short word alone that isn't yes or no stands for others, perhaps.
        kept = {name for name, label in labels.items() if len(label) < len("none") and not read_yes_or_no(label)}
        labels = {name: label if name in kept else sentence(label.lower()) for name, label in labels.items()}
    if 2 * sum(map(is_ordered, labels.values())) > len(labels):
        begun = {re.escape(label.split()[0]) for label in labels.values()} - {"I"}
        within = re.compile(rf"(?<=\w )({'|'.join(begun)})\b")
        labels = {name: within.sub(lambda word: word[0].lower(), label) for name, label in labels.items()}
    return labels


def calm_question(one: DraftQuestion) -> DraftQuestion:
    """Return a question with its items and answers as `calm_labels` has them."""
    return replace(one, items=calm_labels(one.items), answers=calm_labels(one.answers))


def title_questions(questions: Iterable[DraftQuestion]) -> dict[str, str]:
    """Return what pages call each question, by id: the shortest that no other one is called."""
    titles = {one.question: one.title for one in questions}
    made = {name: shorten_title(title) for name, title in titles.items()}
    for make in (partial(shorten_title, keeps_scene=True), name_question):
        times = Counter(made.values())
        made = {name: short if times[short] == 1 else make(titles[name]) for name, short in made.items()}
    return made


def find_names(questions: Sequence[DraftQuestion]) -> list[str]:
    """Return the first words of labels that are names, and keep their capital inside a sentence.

    Such a word has its capital within other texts too, more often than not ("Do you use Spack?"); or it stands
    in a list some of whose options are names: with capitals on every word, or within one (Red Hat, NVIDIA); or of
    which nobody can tell, since all of it was in capitals.
    """
    shouted = {one.question: one.items for one in questions}
    questions = [calm_question(one) for one in questions]
    texts = [text.split() for one in questions for text in (one.title, *one.items.values())]
    # Titles With Capitals Everywhere tell nothing.
    plain = [words for words in texts if sum(word[:1].islower() for word in words) * 2 > len(words)]
    inside = Counter(
        word.strip("“”‘’'\"().,?!:;") for words in plain for before, word in pairwise(words) if before[-1:].isalpha()
    )
    found = {words[0]: None for words in texts if words and inside[words[0]] > inside[words[0].lower()]}
    for one in questions:
        options = [label.split() for label in one.items.values()] if one.kind in ("single", "multiple") else []
        if options and one.items != shouted[one.question]:
            found |= dict.fromkeys(words[0] for words in options)
        elif any(map(has_capitals, options)):
            found |= dict.fromkeys(words[0] for words in options if has_capitals(words) or len(words) == 1)
    lost = {words[0] for words in texts if words and not is_written_as_name(" ".join(words))}
    said = {name for name in found if name.lower() in SMALL_WORDS or read_yes_or_no(name) or match_else(name)}
    return [name for name in found if name in lost - said]


def has_capitals(words: Sequence[str]) -> bool:
    """Return whether an option is written as a name: with a capital on each of its words, or within the only one."""
    told = [word for word in words if word[:1].isalpha()]
    return all(word[0].isupper() for word in told) and (len(told) > 1 or any(word[1:2].isupper() for word in told))
