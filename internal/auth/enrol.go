package auth

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"net/netip"
	"strings"
	"time"

	"github.com/fieldstack/fieldstack/collections"
)

// CodeLife is how long an enrolment code can be used.
const CodeLife = 10 * time.Minute

const (
	codeLen      = 10                                 // 32^10 codes: 50 bits
	codeAlphabet = "23456789ABCDEFGHJKLMNPQRSTUVWXYZ" // no 0 1 I O, which are read wrong
)

// Code is a one-time code with which a device becomes somebody's.
type Code struct {
	Text    string `json:"code"`    // as shown to people: ABCDE-FGHJK
	Account string `json:"account"` // id of the account the device will act for
	Expires int64  `json:"expires"` // ms since 1970 UTC
}

type storedCode struct {
	Account    string `json:"account"`
	Generation uint64 `json:"generation"`
	Expires    int64  `json:"expires"`
	Used       bool   `json:"used,omitempty"`
}

// CreateCode makes an enrolment code for an account: one's own ("" says so), or any
// as an owner.
func (s *Service) CreateCode(ctx context.Context, who *Identity, account string) (*Code, error) {
	if err := s.mayIssue(who); err != nil {
		return nil, err
	}
	if account == "" {
		account = who.Actor.User
	}
	if account != who.Actor.User {
		if err := mayManage(who.Actor); err != nil {
			return nil, err
		}
	}
	owner, _, err := s.account(ctx, account)
	if err != nil {
		return nil, err
	}
	text, err := s.codeText()
	if err != nil {
		return nil, err
	}
	code := storedCode{Account: account, Generation: owner.Generation, Expires: s.millis() + CodeLife.Milliseconds()}
	if err := s.save(ctx, kindCode, codeKey(text), 0, code); err != nil {
		return nil, err
	}
	s.audit(ctx, AuditEntry{Who: who.Actor.Name, Area: AreaTokens, Did: "made an enrolment code", About: owner.Name})
	return &Code{Text: text, Account: account, Expires: code.Expires}, nil
}

func (s *Service) codeText() (string, error) {
	b := make([]byte, codeLen)
	if _, err := io.ReadFull(s.random, b); err != nil {
		return "", fmt.Errorf("auth: random: %w", err)
	}
	for i := range b {
		b[i] = codeAlphabet[int(b[i])%len(codeAlphabet)] // 32 divides 256: no bias
	}
	return string(b[:codeLen/2]) + "-" + string(b[codeLen/2:]), nil
}

// codeKey is where a code is kept, however its letters, dashes and spaces were typed.
func codeKey(text string) string {
	sum := sha256.Sum256([]byte(strings.NewReplacer("-", "", " ", "").Replace(strings.ToUpper(text))))
	return hex.EncodeToString(sum[:])
}

// Enrol turns a code into a device's token. A code works once. Unauthorized for one
// that is wrong, used or past.
func (s *Service) Enrol(ctx context.Context, code, label string, from netip.Addr) (text string, who *Identity, err error) {
	if err := checkLabel(label); err != nil {
		return "", nil, err
	}
	try, err := s.begin(ctx, "\x00enrol", from)
	if err != nil {
		return "", nil, err
	}
	account, err := s.redeem(ctx, code)
	if err != nil {
		return "", nil, err
	}
	try.succeeded(ctx)
	text, c, err := s.issue(ctx, account, Credential{Kind: Device, Label: label})
	if err != nil {
		return "", nil, err
	}
	s.audit(ctx, AuditEntry{Who: account.Name, Area: AreaTokens, Did: "enrolled a device", About: label, Detail: c.ID, From: from.String()})
	return text, identify(account, c), nil
}

// redeem uses a code up. Writing over its Rev is what makes it work once, even for
// two devices at the same instant.
func (s *Service) redeem(ctx context.Context, text string) (*storedAccount, error) {
	wrong := collections.Errorf(collections.Unauthorized, "code",
		"The code is not right, was used, or is older than %d minutes: ask for a new one.", int(CodeLife.Minutes()))
	var code storedCode
	rev, err := s.load(ctx, kindCode, codeKey(text), &code)
	if errors.Is(err, collections.ErrNotFound) {
		return nil, wrong
	}
	if err != nil {
		return nil, err
	}
	if code.Used || s.millis() >= code.Expires {
		return nil, wrong
	}
	account, _, err := s.account(ctx, code.Account)
	if err != nil {
		return nil, err
	}
	if account.Disabled || account.Generation != code.Generation {
		return nil, wrong
	}
	code.Used = true
	err = s.save(ctx, kindCode, codeKey(text), rev, code)
	if errors.Is(err, collections.ErrStale) {
		return nil, wrong
	}
	return account, err
}
