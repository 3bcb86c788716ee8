package main

import (
	"bufio"
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"strings"
	"text/tabwriter"
	"time"

	"github.com/spf13/cobra"

	"github.com/fieldstack/fieldstack/collections"
	"github.com/fieldstack/fieldstack/internal/auth"
)

// people are the accounts of a data folder or of a running server.
type people interface {
	list(ctx context.Context) ([]*auth.Account, error)
	add(ctx context.Context, n auth.NewAccount) error
	update(ctx context.Context, id string, change auth.AccountChange) error
	createToken(ctx context.Context, account string, n auth.NewToken) (text string, err error)
	tokens(ctx context.Context) ([]*auth.Credential, error)
	revoke(ctx context.Context, id string) error
	close() error
}

func (f *targetFlags) openPeople(ctx context.Context) (people, error) {
	if f.server == "" {
		return openLocalPeople(ctx, f.data)
	}
	if f.token == "" {
		return nil, errors.New("--server needs --token (or FIELDSTACK_TOKEN) of an owner")
	}
	return remotePeople{newRemote(f.server, f.token)}, nil
}

func userCommand() *cobra.Command {
	cmd := &cobra.Command{Use: "user", Short: "List, add and change the accounts of people"}
	cmd.AddCommand(userList(), userAdd(), userRole(), userPassword(), userSwitch("disable", true), userSwitch("enable", false))
	return cmd
}

// withPeople opens the accounts that a command's flags name, for f.
func withPeople(flags *targetFlags, f func(cmd *cobra.Command, p people, args []string) error) func(*cobra.Command, []string) error {
	return func(cmd *cobra.Command, args []string) error {
		p, err := flags.openPeople(cmd.Context())
		if err != nil {
			return err
		}
		return errors.Join(f(cmd, p, args), p.close())
	}
}

func userList() *cobra.Command {
	var flags targetFlags
	cmd := &cobra.Command{Use: "list", Short: "List the accounts", Args: cobra.NoArgs,
		RunE: withPeople(&flags, func(cmd *cobra.Command, p people, _ []string) error {
			accounts, err := p.list(cmd.Context())
			if err != nil {
				return err
			}
			table := tabwriter.NewWriter(cmd.OutOrStdout(), 0, 4, 2, ' ', 0)
			fmt.Fprintln(table, "NAME\tROLE\tSINCE\tSTATE")
			for _, a := range accounts {
				state := "active"
				if a.Disabled {
					state = "disabled"
				}
				fmt.Fprintf(table, "%s\t%s\t%s\t%s\n", a.Name, a.Role, time.UnixMilli(a.Created).UTC().Format(time.DateOnly), state)
			}
			return table.Flush()
		})}
	flags.add(cmd)
	return cmd
}

func userAdd() *cobra.Command {
	var flags targetFlags
	var role string
	var fromStdin bool
	cmd := &cobra.Command{Use: "add NAME", Short: "Add an account; its password is made and printed unless it is given", Args: cobra.ExactArgs(1),
		RunE: withPeople(&flags, func(cmd *cobra.Command, p people, args []string) error {
			password, made, err := choosePassword(cmd.InOrStdin(), fromStdin)
			if err != nil {
				return err
			}
			if err := p.add(cmd.Context(), auth.NewAccount{Name: args[0], Password: password, Role: collections.Role(role)}); err != nil {
				return err
			}
			fmt.Fprintf(cmd.OutOrStdout(), "%s is now a %s.\n", args[0], role)
			return tellPassword(cmd.OutOrStdout(), password, made)
		})}
	flags.add(cmd)
	cmd.Flags().StringVar(&role, "role", string(collections.Worker), "owner, designer, editor or worker")
	cmd.Flags().BoolVar(&fromStdin, "password-stdin", false, "read the password from standard input")
	return cmd
}

func userRole() *cobra.Command {
	var flags targetFlags
	cmd := &cobra.Command{Use: "role NAME ROLE", Short: "Change what somebody may do; signs them out everywhere", Args: cobra.ExactArgs(2),
		RunE: withPeople(&flags, func(cmd *cobra.Command, p people, args []string) error {
			role := collections.Role(args[1])
			return change(cmd, p, args[0], auth.AccountChange{Role: &role}, "is now a "+args[1])
		})}
	flags.add(cmd)
	return cmd
}

func userPassword() *cobra.Command {
	var flags targetFlags
	var fromStdin bool
	cmd := &cobra.Command{Use: "password NAME", Short: "Give somebody a new password; signs them out everywhere", Args: cobra.ExactArgs(1),
		RunE: withPeople(&flags, func(cmd *cobra.Command, p people, args []string) error {
			password, made, err := choosePassword(cmd.InOrStdin(), fromStdin)
			if err != nil {
				return err
			}
			if err := change(cmd, p, args[0], auth.AccountChange{Password: &password}, "has a new password"); err != nil {
				return err
			}
			return tellPassword(cmd.OutOrStdout(), password, made)
		})}
	flags.add(cmd)
	cmd.Flags().BoolVar(&fromStdin, "password-stdin", false, "read the password from standard input")
	return cmd
}

func userSwitch(verb string, disabled bool) *cobra.Command {
	var flags targetFlags
	short := "Let somebody in again"
	if disabled {
		short = "Keep somebody out, at once and everywhere"
	}
	cmd := &cobra.Command{Use: verb + " NAME", Short: short, Args: cobra.ExactArgs(1),
		RunE: withPeople(&flags, func(cmd *cobra.Command, p people, args []string) error {
			return change(cmd, p, args[0], auth.AccountChange{Disabled: &disabled}, "is "+verb+"d")
		})}
	flags.add(cmd)
	return cmd
}

// change changes the account with a name, and says so.
func change(cmd *cobra.Command, p people, name string, c auth.AccountChange, said string) error {
	id, err := accountID(cmd.Context(), p, name)
	if err != nil {
		return err
	}
	if err := p.update(cmd.Context(), id, c); err != nil {
		return err
	}
	_, err = fmt.Fprintf(cmd.OutOrStdout(), "%s %s.\n", name, said)
	return err
}

func accountID(ctx context.Context, p people, name string) (string, error) {
	accounts, err := p.list(ctx)
	if err != nil {
		return "", err
	}
	for _, a := range accounts {
		if a.Name == name {
			return a.ID, nil
		}
	}
	return "", fmt.Errorf("there is no account %q; 'fieldstack user list' shows those there are", name)
}

// choosePassword reads a password, or makes one.
func choosePassword(stdin io.Reader, read bool) (password string, made bool, err error) {
	if !read {
		password, err = newPassword()
		return password, true, err
	}
	line, err := bufio.NewReader(stdin).ReadString('\n')
	if err != nil && !errors.Is(err, io.EOF) {
		return "", false, err
	}
	return strings.TrimRight(line, "\r\n"), false, nil
}

// newPassword makes a password of 26 letters and digits: 130 bits.
func newPassword() (string, error) { return strings.ToLower(rand.Text()), nil }

func tellPassword(out io.Writer, password string, made bool) error {
	if !made {
		return nil
	}
	_, err := fmt.Fprintf(out, "The password, shown only now: %s\n", password)
	return err
}

// localPeople are the accounts of a data folder.
type localPeople struct {
	*localTarget
	accounts *auth.Service
}

func openLocalPeople(ctx context.Context, dir string) (*localPeople, error) {
	local, err := openLocal(ctx, dir)
	if err != nil {
		return nil, err
	}
	accounts, err := auth.Open(ctx, auth.Config{Items: local.engine.Store()})
	if err != nil {
		return nil, errors.Join(err, local.close())
	}
	return &localPeople{local, accounts}, nil
}

func (l *localPeople) list(ctx context.Context) ([]*auth.Account, error) {
	return l.accounts.Accounts(ctx, operator)
}

// add makes an account. Whoever holds the data folder may make the first owner
// without the link that serve prints.
func (l *localPeople) add(ctx context.Context, n auth.NewAccount) error {
	_, err := l.accounts.Create(ctx, operator, n)
	return err
}

func (l *localPeople) update(ctx context.Context, id string, change auth.AccountChange) error {
	_, err := l.accounts.Update(ctx, operator, id, change)
	return err
}

func (l *localPeople) createToken(ctx context.Context, account string, n auth.NewToken) (string, error) {
	who, err := l.accounts.Account(ctx, operator, account)
	if err != nil {
		return "", err
	}
	text, _, err := l.accounts.CreateToken(ctx, &auth.Identity{Actor: collections.Actor{User: who.ID, Name: who.Name, Role: who.Role}}, n)
	return text, err
}

func (l *localPeople) tokens(ctx context.Context) ([]*auth.Credential, error) {
	return l.accounts.Tokens(ctx, operator)
}

func (l *localPeople) revoke(ctx context.Context, id string) error {
	return l.accounts.Revoke(ctx, operator, id)
}

func (l *localPeople) close() error {
	l.accounts.Close()
	return l.localTarget.close()
}

// remotePeople are the accounts of a running server.
type remotePeople struct{ *remote }

func (r remotePeople) list(ctx context.Context) ([]*auth.Account, error) {
	var answer struct{ Accounts []*auth.Account }
	err := r.call(ctx, http.MethodGet, "/api/_accounts", nil, &answer)
	return answer.Accounts, err
}

func (r remotePeople) add(ctx context.Context, n auth.NewAccount) error {
	return r.call(ctx, http.MethodPost, "/api/_accounts", map[string]any{"name": n.Name, "password": n.Password, "role": n.Role}, nil)
}

func (r remotePeople) update(ctx context.Context, id string, c auth.AccountChange) error {
	body := map[string]any{}
	if c.Role != nil {
		body["role"] = *c.Role
	}
	if c.Disabled != nil {
		body["disabled"] = *c.Disabled
	}
	if c.Password != nil {
		body["password"] = *c.Password
	}
	return r.call(ctx, http.MethodPatch, "/api/_accounts/"+url.PathEscape(id), body, nil)
}

func (r remotePeople) createToken(context.Context, string, auth.NewToken) (string, error) {
	return "", errors.New("a token cannot make tokens: make one in the admin pages, or on the data folder with --data while the server is stopped")
}

func (r remotePeople) tokens(ctx context.Context) ([]*auth.Credential, error) {
	var answer struct{ Tokens []*auth.Credential }
	err := r.call(ctx, http.MethodGet, "/api/_tokens", nil, &answer)
	return answer.Tokens, err
}

func (r remotePeople) revoke(ctx context.Context, id string) error {
	return r.call(ctx, http.MethodDelete, "/api/_tokens/"+url.PathEscape(id), nil, nil)
}

func (r remotePeople) close() error { return nil }
