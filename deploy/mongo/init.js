// Makes three members one set, and the accounts; however often it runs, it does each once.
// It runs with mongosh, on the machine of mongo-1.

const members = ['mongo-1', 'mongo-2', 'mongo-3'].map((name, _id) => ({ _id, host: `${name}:27017` }))

/** What an error is called; '' for none. */
function nameOf (act) {
  try {
    act()
    return ''
  } catch (e) {
    return e.codeName ?? String(e)
  }
}

const made = nameOf(() => rs.initiate({ _id: 'rs0', members }))
if (!['', 'AlreadyInitialized', 'Unauthorized'].includes(made)) throw new Error(`the set was not made: ${made}`)

for (let i = 0; !db.hello().isWritablePrimary; i++) {
  // Another member leads: then the accounts were made before.
  if (db.hello().primary && i > 5) quit(0)
  if (i === 60) throw new Error('no member leads after a minute')
  sleep(1000)
}

const { MONGO_ADMIN_PASSWORD, MONGO_PASSWORD } = process.env
const admin = nameOf(() => db.createUser({ user: 'admin', pwd: MONGO_ADMIN_PASSWORD, roles: ['root'] }))
if (!['', 'DuplicateKey', 'Unauthorized'].includes(admin) && !admin.includes('already exists')) throw new Error(`the account admin was not made: ${admin}`)
db.auth('admin', MONGO_ADMIN_PASSWORD)
if (!db.getUser('fieldstack')) {
  db.createUser({
    user: 'fieldstack',
    pwd: MONGO_PASSWORD,
    // clusterMonitor: the server asks what it is connected to.
    roles: [{ role: 'readWrite', db: 'fieldstack' }, { role: 'dbAdmin', db: 'fieldstack' }, { role: 'clusterMonitor', db: 'admin' }]
  })
}
