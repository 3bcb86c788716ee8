package auth

import (
	"context"
	"crypto/subtle"
	"encoding/base64"
	"fmt"
	"io"
	"strings"
	"time"
	"unicode/utf8"

	"golang.org/x/crypto/argon2"
	"golang.org/x/text/unicode/norm"

	"github.com/fieldstack/fieldstack/collections"
)

// The length of a password, in code points.
const (
	MinPassword = 8
	MaxPassword = 256
)

// Cost is what one password hash costs.
type Cost struct {
	Memory  uint32 // KiB
	Time    uint32 // passes
	Threads uint8
}

// DefaultCost is the OWASP Password Storage Cheat Sheet's for argon2id: 19 MiB, two
// passes, one thread.
var DefaultCost = Cost{Memory: 19 << 10, Time: 2, Threads: 1}

const (
	saltBytes = 16
	hashBytes = 32

	hashesAtOnce = 4               // 4 × 19 MiB at most
	hashPatience = 5 * time.Second // how long a sign-in waits for its turn
)

// hasher makes and checks password hashes, a few at a time, because each takes
// megabytes. Safe for concurrent use.
type hasher struct {
	cost   Cost
	random io.Reader
	turn   chan struct{}
	dummy  string // a hash of nothing anybody can type
	derive func(password, salt []byte, c Cost) []byte
}

func newHasher(cost Cost, random io.Reader) (*hasher, error) {
	if cost == (Cost{}) {
		cost = DefaultCost
	}
	h := &hasher{cost: cost, random: random, turn: make(chan struct{}, hashesAtOnce), derive: argon2id}
	secret := make([]byte, hashBytes)
	if _, err := io.ReadFull(random, secret); err != nil {
		return nil, fmt.Errorf("auth: random: %w", err)
	}
	var err error
	h.dummy, err = h.hash(context.Background(), string(secret))
	return h, err
}

func argon2id(password, salt []byte, c Cost) []byte {
	return argon2.IDKey(password, salt, c.Time, c.Memory, c.Threads, hashBytes)
}

// hash gives a password's PHC string: the algorithm, its cost, salt and hash.
func (h *hasher) hash(ctx context.Context, password string) (string, error) {
	salt := make([]byte, saltBytes)
	if _, err := io.ReadFull(h.random, salt); err != nil {
		return "", fmt.Errorf("auth: random: %w", err)
	}
	sum, err := h.run(ctx, password, salt, h.cost)
	if err != nil {
		return "", err
	}
	b64 := base64.RawStdEncoding
	return fmt.Sprintf("$argon2id$v=%d$m=%d,t=%d,p=%d$%s$%s", argon2.Version,
		h.cost.Memory, h.cost.Time, h.cost.Threads, b64.EncodeToString(salt), b64.EncodeToString(sum)), nil
}

// matches compares a password with a PHC string. For "" it does the same work on a
// dummy and says no, so that a name nobody has costs what a name costs.
func (h *hasher) matches(ctx context.Context, password, phc string) (bool, error) {
	real := phc != ""
	if !real {
		phc = h.dummy
	}
	cost, salt, want, err := parsePHC(phc)
	if err != nil {
		return false, err
	}
	got, err := h.run(ctx, password, salt, cost)
	if err != nil {
		return false, err
	}
	return subtle.ConstantTimeCompare(got, want) == 1 && real, nil
}

// outdated reports whether a hash was made at another cost than today's.
func (h *hasher) outdated(phc string) bool {
	cost, _, _, err := parsePHC(phc)
	return err == nil && cost != h.cost
}

func (h *hasher) run(ctx context.Context, password string, salt []byte, c Cost) ([]byte, error) {
	ctx, cancel := context.WithTimeout(ctx, hashPatience)
	defer cancel()
	select {
	case h.turn <- struct{}{}:
		defer func() { <-h.turn }()
		return h.derive([]byte(norm.NFC.String(password)), salt, c), nil
	case <-ctx.Done():
		return nil, retryLater(collections.Unavailable, "Too many people are signing in at this moment: try again in %d s.", hashPatience)
	}
}

func parsePHC(phc string) (c Cost, salt, sum []byte, err error) {
	bad := fmt.Errorf("auth: a stored password hash is damaged")
	part := strings.Split(phc, "$")
	if len(part) != 6 || part[1] != "argon2id" || part[2] != fmt.Sprintf("v=%d", argon2.Version) {
		return c, nil, nil, bad
	}
	if _, err := fmt.Sscanf(part[3], "m=%d,t=%d,p=%d", &c.Memory, &c.Time, &c.Threads); err != nil {
		return c, nil, nil, bad
	}
	salt, err1 := base64.RawStdEncoding.DecodeString(part[4])
	sum, err2 := base64.RawStdEncoding.DecodeString(part[5])
	if err1 != nil || err2 != nil || len(sum) != hashBytes || c.Time == 0 || c.Threads == 0 {
		return c, nil, nil, bad
	}
	return c, salt, sum, nil
}

// checkPassword says whether a password may be set for a name.
func checkPassword(name, password string) error {
	if !utf8.ValidString(password) {
		return collections.Errorf(collections.Invalid, "password", "The password is not valid text: type it again.")
	}
	switch n := utf8.RuneCountInString(norm.NFC.String(password)); {
	case n < MinPassword:
		return collections.Errorf(collections.Invalid, "password", "The password has %d characters: use at least %d.", n, MinPassword)
	case n > MaxPassword:
		return collections.Errorf(collections.Invalid, "password", "The password has %d characters: use at most %d.", n, MaxPassword)
	}
	if foldName(password) == foldName(name) {
		return collections.Errorf(collections.Invalid, "password", "The password is the name: choose another.")
	}
	return nil
}
