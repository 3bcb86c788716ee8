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

// What a replica did that made no change would be lost when the document is written.
func TestDecode_ReplicaWithoutChanges(t *testing.T) {
	const counter, told, oneSum = 2, 1 << 4, 1 << 5
	for place, good := range []bool{true, false} {
		_, err := crdt.Decode([]byte(`{"hours":1}`), metaOf(0, counter|told|oneSum, byte(place)))
		if good != (err == nil) {
			t.Errorf("a counter with a sum of replica %d: error %v", place, err)
		}
	}
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
