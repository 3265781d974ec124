// title: Interactions before publication
// purpose: Interactions whose time is before the publication of their post, so that a clock or a time zone is wrong.
// judul: Interaksi sebelum terbit
// tujuan: Interaksi yang waktunya sebelum unggahannya terbit, sehingga ada jam atau zona waktu yang keliru.
// category: provenance
// parameter: limit: integer = 1000 -- most rows to return
// column: post: id of the post
// column: published_ms: publication time, UTC epoch milliseconds
// column: account: id of the account
// column: kind: LIKED, COMMENTED, SHARED or MENTIONED
// column: at: time as written in the source
// column: at_ms: time in UTC epoch milliseconds
// column: early_ms: milliseconds before publication
// column: sources: source:row of every row that supplied it
// column: interaction: id of the interaction
// innocent: Seven or eight hours are a time zone left out when a file was made; load that file again with --timezone.
//   A post that was edited, or planned ahead, can carry a later time than it was seen.
// wajar: Tujuh atau delapan jam berarti zona waktu terlewat saat berkas dibuat; muat lagi berkas itu dengan zona
//   waktunya. Unggahan yang disunting, atau dijadwalkan, dapat membawa waktu yang lebih kemudian daripada saat
//   dilihat.
// example: graphwatch query too-early

MATCH (a:Account)-[i:LIKED|COMMENTED|SHARED|MENTIONED]->(o:Post)
WHERE i.at_ms + coalesce(i.precision_ms, 0) < o.at_ms
RETURN o.id AS post, o.at_ms AS published_ms, a.id AS account, i.kind AS kind, i.at AS at, i.at_ms AS at_ms,
       o.at_ms - i.at_ms AS early_ms, i.sources AS sources, i.id AS interaction
ORDER BY early_ms DESC, interaction
LIMIT $limit
