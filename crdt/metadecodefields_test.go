package crdt_test

import (
	"encoding/binary"
	"testing"

	"github.com/fieldstack/fieldstack/crdt"
)

// metaOf puts a meta together of one replica that made a change and one that made
// none, and then what is given.
func metaOf(rest ...byte) []byte {
	meta := []byte{1, 1, 2}
	meta = binary.BigEndian.AppendUint64(meta, uint64(boris))
	meta = binary.BigEndian.AppendUint64(meta, uint64(anna))
	return append(append(meta, 1, 1, 0, 0), rest...)
}

// What a replica edited that made no change would be lost when the document is written.
func TestDecode_RowEditedByReplicaWithoutChanges(t *testing.T) {
	const list, edited, nothing = 6, 8, 3 | 2<<3
	for place, good := range []bool{true, false} {
		nearer := byte(0) // as far as the replica's last change
		if !good {
			nearer = 1 // zigzag: one beyond it
		}
		meta := metaOf(0, list|2<<3, 2, 1, 0, edited, 1, byte(place), nearer, nothing)
		if _, err := crdt.Decode([]byte(`{"parts":[{}]}`), meta); good != (err == nil) {
			t.Errorf("a row edited by replica %d: error %v", place, err)
		}
	}
}
