// title: Regular lags
// purpose: Accounts that a run found acting always so long after publication, as a program does; the most regular first.
// judul: Jeda tetap
// tujuan: Akun yang menurut satu deteksi selalu bertindak sekian lama setelah unggahan terbit, seperti program; yang
//   paling teratur dahulu.
// category: coordination
// parameter: run: text = "latest" -- id of a complete run; latest is the newest one
// parameter: limit: integer = 1000 -- most accounts to return
// column: account: id of the account
// column: handle: its handle
// column: posts: posts on which its lag was in the window; posts published within five minutes are one
// column: near: posts on which its lag was from a third to three times that long, out of which they are counted
// column: known: posts on which its lag is known and at most an hour
// column: shortest_s: shortest lag in the window, seconds after publication
// column: longest_s: longest lag in the window, seconds after publication
// column: expected: posts in the window that a regular person would have at most
// column: q: false discovery rate at which the account would be reported
// innocent: A scheduling or cross-posting tool, the page's own admin, or a device that answers notifications acts so
//   openly. It is a lead on one account, which says nothing of who runs it, and none on a group.
// wajar: Alat penjadwal atau penerus unggahan, pengelola halaman itu sendiri, atau perangkat yang menjawab notifikasi
//   bertindak begitu secara terbuka. Ini petunjuk tentang satu akun, tidak menunjukkan siapa di baliknya, dan bukan
//   petunjuk tentang kelompok.
// example: graphwatch query regular-lags

MATCH (a:Account)-[l:REGULAR_LAG]->(r:Run)
WHERE r.id = $run AND r.status = 'complete'
RETURN a.id AS account, a.handle AS handle, l.posts AS posts, l.near AS near, l.known AS known,
       l.shortest_s AS shortest_s, l.longest_s AS longest_s, l.expected AS expected, l.q AS q
ORDER BY q, account
LIMIT $limit
