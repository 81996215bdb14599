/** What is said of a setting in the help and in the README, and how it is given on the command line. */
export interface SettingText {
  /** Absent: only the environment has it, as is so for secrets, since flags are public. */
  flag?: string;
  /** What stands for the value of the flag: `PORT`. Absent: the flag is a switch. */
  placeholder?: string;
  description: string;
}
