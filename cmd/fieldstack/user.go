package main

import (
	"bufio"
	"crypto/rand"
	"errors"
	"fmt"
	"io"
	"strings"
	"text/tabwriter"
	"time"

	"github.com/spf13/cobra"

	"github.com/fieldstack/fieldstack/collections"
	"github.com/fieldstack/fieldstack/internal/auth"
)

func userCommand() *cobra.Command {
	return group(&cobra.Command{Use: "user", Short: "List, add and change the accounts of people",
		Long: `user lists, adds and changes the accounts of people.

Each has a role: an owner may do all; a designer defines types and the rules of who may
do what; an editor works on all records, sees the trash and exports; a worker does what
the rules of a type allow. The first account of a data folder is its owner's.`},
		userList(), userAdd(), userRole(), userPassword(), userSwitch("disable", true), userSwitch("enable", false))
}

func userList() *cobra.Command {
	var flags targetFlags
	cmd := &cobra.Command{Use: "list", Short: "List the accounts", Args: takes(0, 0),
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
	flags := targetFlags{begins: true}
	var role string
	var fromStdin bool
	cmd := &cobra.Command{Use: "add NAME", Short: "Add an account; its password is made and printed unless it is given", Args: takes(1, 1),
		RunE: withPeople(&flags, func(cmd *cobra.Command, p people, args []string) error {
			password, made, err := choosePassword(cmd.InOrStdin(), fromStdin)
			if err != nil {
				return err
			}
			got, err := p.add(cmd.Context(), auth.NewAccount{Name: args[0], Password: password, Role: collections.Role(role)})
			if err != nil {
				return err
			}
			fmt.Fprintf(cmd.OutOrStdout(), "%s is now %s.\n", args[0], withArticle(got))
			return tellPassword(cmd.OutOrStdout(), password, made)
		})}
	flags.add(cmd)
	cmd.Flags().StringVar(&role, "role", "", "owner, designer, editor or worker; default: owner for the first account, else worker")
	cmd.Flags().BoolVar(&fromStdin, "password-stdin", false, "read the password from the first line of standard input")
	return cmd
}

func userRole() *cobra.Command {
	var flags targetFlags
	cmd := &cobra.Command{Use: "role NAME ROLE", Short: "Change what somebody may do; signs them out everywhere", Args: takes(2, 2),
		RunE: withPeople(&flags, func(cmd *cobra.Command, p people, args []string) error {
			role := collections.Role(args[1])
			return change(cmd, p, args[0], auth.AccountChange{Role: &role}, "is now "+withArticle(role))
		})}
	flags.add(cmd)
	return cmd
}

func userPassword() *cobra.Command {
	var flags targetFlags
	var fromStdin bool
	cmd := &cobra.Command{Use: "password NAME", Short: "Give somebody a new password; signs them out everywhere", Args: takes(1, 1),
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
	cmd.Flags().BoolVar(&fromStdin, "password-stdin", false, "read the password from the first line of standard input")
	return cmd
}

func userSwitch(verb string, disabled bool) *cobra.Command {
	var flags targetFlags
	short := "Let somebody in again"
	if disabled {
		short = "Keep somebody out, at once and everywhere"
	}
	cmd := &cobra.Command{Use: verb + " NAME", Short: short, Args: takes(1, 1),
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
