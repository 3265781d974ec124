// title: Same handle, several accounts
// purpose: Handles that more than one account has, on one platform or several.
// judul: Nama pengguna sama, beberapa akun
// tujuan: Nama pengguna yang dipakai lebih dari satu akun, pada satu platform atau beberapa.
// category: accounts
// parameter: limit: integer = 1000 -- most rows to return
// column: handle: the handle in lower case
// column: accounts: distinct accounts with it
// column: platforms: distinct platforms
// column: first_account: smallest id of these accounts
// column: last_account: largest id of these accounts
// innocent: Handles are free for all on each platform: the same one on two is often two persons, or an imitation.
//   On one platform a handle that was given up may have been taken by somebody else.
// wajar: Nama akun bebas dipakai siapa saja di setiap platform: yang sama pada dua platform sering kali dua
//   orang, atau tiruan. Pada satu platform, nama yang dilepas dapat diambil orang lain.
// example: graphwatch query same-handles

MATCH (a:Account)
WHERE a.handle IS NOT NULL
WITH toLower(a.handle) AS handle, count(DISTINCT a.id) AS accounts, count(DISTINCT a.platform) AS platforms,
     min(a.id) AS first_account, max(a.id) AS last_account
WHERE accounts > 1
RETURN handle, accounts, platforms, first_account, last_account
ORDER BY accounts DESC, handle
LIMIT $limit
