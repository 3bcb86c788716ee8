package transfer

import (
	"cmp"
	"encoding/hex"
	"io"
	"slices"
	"sync"
	"time"

	"github.com/fieldstack/fieldstack/collections"
)

// The bounds of what is kept.
const (
	jobLife    = time.Hour
	jobsEach   = 5         // of one account
	storeBytes = 256 << 20 // of all files together
)

// store keeps uploaded files and what became of them, each for the account that sent
// it. Safe for concurrent use.
type store struct {
	now func() time.Time

	mu     sync.Mutex // guards all below
	random io.Reader
	jobs   map[string]*job
}

func newStore(now func() time.Time, random io.Reader) *store {
	return &store{now: now, random: random, jobs: map[string]*job{}}
}

// add keeps a job and gives it an id. Of an account's jobs the one that was not looked
// at for longest makes room, if it is at rest.
func (s *store) add(j *job) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.sweep()
	size := len(j.data)
	var own []*job
	for _, other := range s.jobs {
		size += len(other.data)
		if other.account == j.account {
			own = append(own, other)
		}
	}
	slices.SortFunc(own, func(a, b *job) int { return cmp.Compare(a.touched.UnixNano(), b.touched.UnixNano()) })
	for _, other := range own {
		if len(own) < jobsEach && size <= storeBytes {
			break
		}
		if !other.busy() {
			delete(s.jobs, other.id)
			size -= len(other.data)
			own = own[1:]
		}
	}
	switch {
	case len(own) >= jobsEach:
		return collections.Errorf(collections.TooMany, "file", "%d imports of yours are under way: wait for one of them, or cancel it.", len(own))
	case size > storeBytes:
		return collections.Errorf(collections.Unavailable, "file", "The server holds as many files as it can just now: try again in a while.")
	}
	var id [16]byte
	if _, err := io.ReadFull(s.random, id[:]); err != nil {
		return err
	}
	j.id, j.touched = hex.EncodeToString(id[:]), s.now()
	s.jobs[j.id] = j
	return nil
}

// sweep lets go of what nobody looked at for long.
func (s *store) sweep() {
	for id, j := range s.jobs {
		if s.now().Sub(j.touched) > jobLife && !j.busy() {
			delete(s.jobs, id)
		}
	}
}

// find gives a job of an account, and NotFound for any other.
func (s *store) find(account, typ, id string) (*job, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.sweep()
	j := s.jobs[id]
	if j == nil || j.account != account || j.typ != typ {
		return nil, collections.Errorf(collections.NotFound, "", "This import is not known any more: files are kept for an hour, and not over a restart of the server. Choose the file again.")
	}
	j.touched = s.now()
	return j, nil
}

// own gives a job of an account, whatever type it is for.
func (s *store) own(account, id string) (*job, error) {
	s.mu.Lock()
	typ := ""
	if j := s.jobs[id]; j != nil {
		typ = j.typ
	}
	s.mu.Unlock()
	return s.find(account, typ, id)
}

// of lists an account's jobs of a type, the latest first.
func (s *store) of(account, typ string) (list []*job) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.sweep()
	for _, j := range s.jobs {
		if j.account == account && j.typ == typ {
			list = append(list, j)
		}
	}
	slices.SortFunc(list, func(a, b *job) int { return cmp.Compare(b.began.UnixNano(), a.began.UnixNano()) })
	return list
}

func (s *store) drop(j *job) {
	j.stop()
	s.mu.Lock()
	defer s.mu.Unlock()
	delete(s.jobs, j.id)
}
