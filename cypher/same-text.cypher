// title: The same text by many accounts
// purpose: Texts of comments, shares and mentions that several accounts wrote letter for letter.
// judul: Teks sama dari banyak akun
// tujuan: Teks komentar, bagikan, dan sebutan yang ditulis beberapa akun huruf demi huruf.
// category: coordination
// parameter: least: integer = 2 -- least accounts that wrote it
// parameter: letters: integer = 20 -- least letters, so that greetings do not come first
// parameter: limit: integer = 100 -- most texts to return
// column: text: as it was written
// column: accounts: accounts that wrote it
// column: uses: times that it was written
// column: posts: posts under which it was written
// column: first_ms: first known time, UTC epoch milliseconds
// column: last_ms: last known time, UTC epoch milliseconds
// innocent: People copy prayers, slogans, petitions, song lines and what a quiz asks for. `graphwatch detect` says which
//   accounts share more texts than chance explains, and takes nearly the same texts for one.
// wajar: Orang menyalin doa, semboyan, petisi, lirik lagu, dan jawaban kuis. `graphwatch detect` mengatakan akun
//   mana yang berbagi lebih banyak teks daripada yang dijelaskan kebetulan, dan menganggap teks yang hampir sama
//   sebagai satu.
// example: graphwatch query same-text -p least=5

MATCH (a:Account)-[c:COMMENTED|SHARED|MENTIONED]->(o:Post)
WHERE c.text IS NOT NULL AND size(c.text) >= $letters
WITH c.text AS text, count(DISTINCT a.id) AS accounts, count(c) AS uses, count(DISTINCT o.id) AS posts,
     min(c.at_ms) AS first_ms, max(c.at_ms) AS last_ms
WHERE accounts >= $least
RETURN text, accounts, uses, posts, first_ms, last_ms
ORDER BY accounts DESC, uses DESC, text
LIMIT $limit
