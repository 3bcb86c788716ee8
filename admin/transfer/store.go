package transfer

import (
	"io"
	"sync"
	"time"
)

// store keeps uploaded files and what became of them.
type store struct {
	now    func() time.Time
	random io.Reader

	mu sync.Mutex
}

func newStore(now func() time.Time, random io.Reader) *store {
	return &store{now: now, random: random}
}
