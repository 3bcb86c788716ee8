package crdt

import (
	"encoding/binary"
	"encoding/hex"
)

// docID is the id of a document that is mentioned for the first time. Ours are
// version 7 UUIDs, which begin with the milliseconds when they were made.
func (x *packCoder) docID(c *Change) string {
	var id [16]byte
	short := x.writing && parseUUID(&id, c.Doc)
	if !x.is(short) {
		return x.text(packDocTexts, packDocTexts, c.Doc)
	}
	ms := binary.BigEndian.Uint64(id[:]) >> 16
	ms = x.near(packDocs, ms, uint64(c.Stamp.Millis()))
	if x.writing {
		x.out[packNames] = append(x.out[packNames], id[6:]...)
		return c.Doc
	}
	binary.BigEndian.PutUint64(id[:], ms<<16)
	copy(id[6:], x.bytes(packNames, 10))
	if ms > MaxMillis {
		x.fail("the id of a document is out of range")
	}
	return formatUUID(id)
}

// parseUUID reads the usual spelling of a UUID, with small letters.
func parseUUID(id *[16]byte, s string) bool {
	if len(s) != 36 || s[8] != '-' || s[13] != '-' || s[18] != '-' || s[23] != '-' {
		return false
	}
	digits := s[:8] + s[9:13] + s[14:18] + s[19:23] + s[24:]
	_, err := hex.Decode(id[:], []byte(digits))
	return err == nil && formatUUID(*id) == s
}

func formatUUID(id [16]byte) string {
	s := hex.EncodeToString(id[:])
	return s[:8] + "-" + s[8:12] + "-" + s[12:16] + "-" + s[16:20] + "-" + s[20:]
}
