import type { NewUser, PasswordWish, User, UserChange } from './user.ts';

/**
 * The users of a wiki as an administrator has them. Each call refuses others (`forbidden`). When it resolves, the tokens of
 * the user know of the change; when their store fails, the change is kept all the same, and repeating the call finishes it.
 */
export interface UserAdministration {
  /**
   * The first user is an administrator, whatever was asked for.
   * @throws KittiwakeError `user_exists`, `user_invalid`, `password_invalid`, `passwords_busy`
   */
  create(wish: NewUser): Promise<SavedUser>;

  /** By e-mail. @throws KittiwakeError `cursor_invalid` */
  list(query: { cursor?: string | undefined; limit?: number | undefined }): Promise<UserPage>;

  /** @throws KittiwakeError `user_not_found` */
  read(id: string): Promise<User>;

  /** @throws KittiwakeError `user_not_found` */
  findByEmail(email: string): Promise<User>;

  /**
   * @param expected the revision that was read; default: whatever there is
   * @throws KittiwakeError `user_not_found`, `user_exists`, `user_invalid`, `last_admin`, `precondition_failed`
   */
  update(id: string, change: UserChange, expected?: number): Promise<User>;

  /**
   * Tokens stay as they are.
   * @throws KittiwakeError `user_not_found`, `password_invalid`, `passwords_busy`
   */
  setPassword(id: string, wish: PasswordWish): Promise<SavedUser>;

  /** @throws KittiwakeError `user_not_found`, `last_admin`, `precondition_failed` */
  remove(id: string, expected?: number): Promise<void>;
}

export interface SavedUser {
  user: User;
  /** The password, when it was made here: nobody is told it again. */
  generated?: string;
}

export interface UserPage {
  users: User[];
  nextCursor?: string;
}
