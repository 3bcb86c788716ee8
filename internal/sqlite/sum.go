package sqlite

import (
	"encoding/binary"
	"errors"
	"fmt"
	"hash/crc32"
)

// ErrDamaged is what every error about a row that the disk changed wraps.
var ErrDamaged = errors.New("the file is damaged: restore a backup")

func damaged(format string, args ...any) error {
	return fmt.Errorf("sqlite: %s is not as it was written: %w", fmt.Sprintf(format, args...), ErrDamaged)
}

var castagnoli = crc32.MakeTable(crc32.Castagnoli)

// sum is the checksum that a row carries of its other columns: CRC-32C, which finds
// every burst of up to 32 bits. The table's name is part of it, and so are the kinds
// and lengths of the columns. A column is nil, int64, string or []byte.
func sum(table string, columns []any) int64 {
	buffer := append(make([]byte, 0, 256), table...)
	var crc uint32
	for _, column := range columns {
		switch v := column.(type) {
		case nil:
			buffer = append(buffer, 'n')
		case int64:
			buffer = binary.LittleEndian.AppendUint64(append(buffer, 'i'), uint64(v))
		case string:
			buffer = binary.LittleEndian.AppendUint64(append(buffer, 's'), uint64(len(v)))
			buffer = append(buffer, v...)
		case []byte:
			buffer = binary.LittleEndian.AppendUint64(append(buffer, 'b'), uint64(len(v)))
			buffer = append(buffer, v...)
		default:
			panic(fmt.Sprintf("sqlite: no checksum of a %T", column))
		}
		crc = crc32.Update(crc, castagnoli, buffer)
		buffer = buffer[:0]
	}
	return int64(crc)
}
