// title: Acts with a regular lag
// purpose: The acts of one account whose lag lies in the window in which a run found it regular, in order of time.
// judul: Tindakan dengan jeda tetap
// tujuan: Tindakan satu akun yang jedanya sejak unggahan terbit berada dalam rentang yang menurut satu deteksi teratur,
//   menurut waktu.
// category: accounts
// parameter: run: text = "latest" -- id of a complete run; latest is the newest one
// parameter: account: text -- id or handle of the account
// parameter: limit: integer = 1000 -- most rows to return
// column: account: id of the account
// column: post: id of the post
// column: url: address of the post
// column: kind: of the act
// column: published_ms: publication of the post, UTC epoch milliseconds
// column: at_ms: time of the act, UTC epoch milliseconds
// column: lag_s: seconds between the two
// innocent: All on one page may be its own admin, or a tool that passes on what the page publishes.
// wajar: Bila semuanya pada satu halaman, mungkin itu pengelolanya sendiri atau alat yang meneruskan unggahannya.
// example: graphwatch query account-lags -p account=x:1

MATCH (a:Account)-[l:REGULAR_LAG]->(r:Run)
WHERE r.id = $run AND r.status = 'complete' AND (a.id = $account OR a.handle = $account)
MATCH (a)-[i:LIKED|COMMENTED|SHARED|MENTIONED]->(o:Post)
WHERE (i.at_ms - o.at_ms) / 1000.0 >= l.shortest_s AND (i.at_ms - o.at_ms) / 1000.0 <= l.longest_s
  AND coalesce(i.basis, 'acted') <> 'observed' AND coalesce(i.precision_ms, 0) <= 1000
RETURN a.id AS account, o.id AS post, o.url AS url, i.kind AS kind, o.at_ms AS published_ms, i.at_ms AS at_ms,
       (i.at_ms - o.at_ms) / 1000.0 AS lag_s
ORDER BY account, at_ms, post, kind
LIMIT $limit
