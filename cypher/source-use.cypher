// title: What each source supplied
// purpose: Interactions with posts that each source supplied by kind, and how many of them no other source has.
// judul: Yang diberikan setiap sumber
// tujuan: Interaksi dengan unggahan yang diberikan setiap sumber menurut jenis, dan berapa yang tidak ada di sumber
//   lain.
// category: provenance
// column: source: id of the source
// column: file: file name, without folders
// column: kind: LIKED, COMMENTED, SHARED or MENTIONED
// column: interactions: interactions that a row of it supplied
// column: timed: of these, interactions with a time
// column: alone: of these, interactions that no other row supplied
// innocent: That only one source has an interaction is common, and no reason to doubt it; it is a reason to keep that file.
// wajar: Bahwa hanya satu sumber memuat sebuah interaksi itu lazim, dan bukan alasan meragukannya; itu alasan
//   menyimpan berkasnya.
// example: graphwatch query source-use

MATCH (:Account)-[i:LIKED|COMMENTED|SHARED|MENTIONED]->(:Post)
UNWIND i.sources AS row
MATCH (s:Source)
WHERE row STARTS WITH (s.id + ':')
RETURN s.id AS source, s.file AS file, i.kind AS kind, count(DISTINCT i.id) AS interactions,
       count(DISTINCT CASE WHEN i.at_ms IS NOT NULL THEN i.id END) AS timed,
       count(DISTINCT CASE WHEN size(i.sources) = 1 THEN i.id END) AS alone
ORDER BY source, kind
