"""The reviewer's desk: workbooks, previews, new reviews."""
