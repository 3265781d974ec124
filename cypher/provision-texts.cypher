// title: Provisions
// purpose: The kinds of violation that a reviewer would have to weigh, with where they are laid down.
// judul: Ketentuan
// tujuan: Jenis pelanggaran yang perlu ditimbang penelaah, beserta tempat diaturnya.
// category: review
// column: provision: code
// column: category: kode etik or disiplin
// column: meaning: paraphrase in English
// column: wording: wording in Indonesian
// column: kinds: kinds of interaction it can concern
// column: applies: before or after determination of candidates, or always
// column: contested: whether sources disagree about when it applies
// column: citation: where it is laid down
// column: note: what sources disagree about
// innocent: A provision says what is to be weighed; that an interaction is of its kind does not say that it was broken.
// wajar: Ketentuan mengatakan apa yang harus ditimbang; bahwa sebuah interaksi termasuk jenisnya tidak berarti
//   ketentuan itu dilanggar.
// example: graphwatch query provision-texts

MATCH (p:Provision)
RETURN p.id AS provision, p.category AS category, p.meaning AS meaning, p.wording AS wording, p.kinds AS kinds,
       p.applies AS applies, p.contested AS contested, p.citation AS citation, p.note AS note
ORDER BY provision
