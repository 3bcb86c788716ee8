package mongo

import (
	"encoding/binary"
	"errors"
	"fmt"
	"hash/crc32"
)

// ErrDamaged is what every error about a document of the database that is not as it
// was written wraps.
var ErrDamaged = errors.New("the database is damaged: restore a backup")

func damaged(format string, args ...any) error {
	return fmt.Errorf("mongo: %s is not as it was written: %w", fmt.Sprintf(format, args...), ErrDamaged)
}

var castagnoli = crc32.MakeTable(crc32.Castagnoli)

// sum is the checksum that a document of the database carries of what it keeps: CRC-32C
// of the parts with their lengths.
func sum(parts ...[]byte) int64 {
	var crc uint32
	for _, part := range parts {
		crc = crc32.Update(crc, castagnoli, binary.LittleEndian.AppendUint64(nil, uint64(len(part))))
		crc = crc32.Update(crc, castagnoli, part)
	}
	return int64(crc)
}

// number is an integer as a part of a checksum.
func number[N int | int64 | uint64](n N) []byte {
	return binary.LittleEndian.AppendUint64(nil, uint64(n))
}
