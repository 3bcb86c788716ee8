package mongo

import (
	"fmt"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/fieldstack/fieldstack/crdt"
)

// The collections that are always there. Records are in one collection for each type,
// because a collection has at most 64 indexes and each type wants its own.
const (
	factsName    = "facts"    // what is known of the database: its epoch, its format
	streamsName  = "streams"  // the streams, with their floors
	logName      = "log"      // batches
	partsName    = "parts"    // what of a batch does not fit into its document
	thingsName   = "things"   // items and replicas: what is written by compare-and-set
	receiptsName = "receipts" // of refused changes whose batches were trimmed

	recordsPrefix = "r."
)

// escape writes what a person may have named so that it is one part of a name of ours:
// without the separator "/", and without anything that a database could take for more
// than a letter. The order of names is not kept.
func escape(name string) string {
	var out strings.Builder
	for at, size := 0, 0; at < len(name); at += size {
		var r rune
		r, size = utf8.DecodeRuneInString(name[at:])
		if plain(r) && (r != utf8.RuneError || size > 1) {
			out.WriteString(name[at : at+size])
			continue
		}
		for i := at; i < at+size; i++ {
			fmt.Fprintf(&out, "%%%02x", name[i])
		}
	}
	return out.String()
}

// plain reports whether a character stands for itself in a name.
func plain(r rune) bool {
	if r >= utf8.RuneSelf {
		return !unicode.IsSpace(r)
	}
	return r >= 'a' && r <= 'z' || r >= 'A' && r <= 'Z' || r >= '0' && r <= '9' || r == '-' || r == '_'
}

// recordsName is the collection of a type's records.
func recordsName(typ string) string {
	if typ == "" {
		return recordsPrefix + "%"
	}
	return recordsPrefix + escape(typ)
}

// batchID names batch b of a stream. Batches of a stream sort by number.
func batchID(stream string, b int64) string { return fmt.Sprintf("%s/%020d", escape(stream), b) }

// receiptID names a receipt.
func receiptID(replica crdt.Replica, n uint64) string {
	return fmt.Sprintf("%016x/%d", uint64(replica), n)
}

// itemID names an item among the things. Items of a kind sort by key.
func itemID(kind, key string) string { return itemPrefix(kind) + key }

// itemPrefix begins the names of a kind's items.
func itemPrefix(kind string) string { return "i/" + escape(kind) + "/" }

// replicaID names a replica's state among the things.
func replicaID(replica crdt.Replica) string { return fmt.Sprintf("r/%016x", uint64(replica)) }

// documentPrefix begins the marks that a batch carries for its entries about a document:
// the prefix, and twelve digits that order them.
func documentPrefix(typ, id string) string { return escape(typ) + "/" + id + "/" }

// documentMark is the mark of entries about a document that had moved on to rev.
func documentMark(typ, id string, rev uint64) string {
	return documentPrefix(typ, id) + fmt.Sprintf("%012x", rev)
}

// afterPrefix is the first text after all those that begin with a prefix, which ends with "/".
func afterPrefix(prefix string) string { return prefix[:len(prefix)-1] + "0" }
