package collections

import "time"

// What one request may hold. A request over a limit is answered TooLarge, naming the
// limit; nobody's work is lost by it, because a device can send less at once and a
// person can split a record.
const (
	MaxChanges       = 1_000   // changes in one push, writes in one batch
	MaxChangeBytes   = 1 << 20 // one change as canonical JSON
	MaxDocumentBytes = 4 << 20 // one document's value as canonical JSON
	MaxSubscriptions = 200     // types a device subscribes to
	MaxPull          = 5_000   // documents and changes in one answer
)

// What is kept of refused changes, for editors to look at. The oldest go first.
const (
	MaxRefusals     = 1_000 // of all accounts
	MaxRefusalsEach = 200   // of one account, so that nobody pushes out what others tried
	MaxRefusalBytes = 16 << 20
)

// usualPull is how many documents and changes an answer has where nobody asks for more: a
// device far away asks for MaxPull in a whole sync, and waits for a fifth of the answers.
const usualPull = 1_000

const (
	mainStream = "main" // the stream of an engine that has its store to itself

	// A round is made up anew so often where other servers are faster with something that
	// it writes.
	commitRetries = 20

	// A round takes jobs until their weights (the changes they bring) reach this;
	// the rest wait for the next. It bounds memory and how long the first waits.
	roundWeight = 4 * MaxChanges

	// Elements that a change leans on are looked for in at most so many refusals of
	// its replica, newest first; beyond that the answer says Invalid, not LeansOn.
	leanSearch = 1_000

	// What the feed keeps in memory for live readers, and for devices that come back at
	// the same time as many others; those further behind read the store.
	feedEntries = 131_072
	feedBytes   = 24 << 20

	// Other documents that one round looks at again when what they refer to comes or
	// goes; what is left over goes into the next round.
	revisitPage = 500

	// An answer ends when it holds about so many bytes; a whole sync reads so many
	// documents at a time.
	pullBytes = 4 << 20
	wholePage = 100

	// The log is read in pages of so many entries, history likewise.
	logPage = 1_000

	// A follower reads so many entries at a time, gives changes of about so many bytes at
	// once, and remembers so many documents, of about as many bytes in all.
	followPage   = 500
	followBytes  = 1 << 20
	followedKept = 64

	// A fold reads so many entries of the log at a time, writes so many documents in one
	// commit, and works so often on one that people write to at the same time.
	foldPage  = 500
	foldStep  = 50
	foldTries = 20

	// So often the engine looks for history to fold, and so often it says anew how far
	// that is done where nothing was left to do.
	foldEvery = time.Hour
	floorRest = 24 * time.Hour

	// Every so many entries the store remembers that its records are level with its
	// log up to there, so that Open reads only what came after.
	levelEvery = 1_000
)
