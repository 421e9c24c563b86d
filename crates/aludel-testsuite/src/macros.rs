//! The list of tests, and what makes tests of it.

/// Makes a test of each case of the suite, for both faces, in a module `conformance`.
///
/// `driver` is an expression that gives a [`Driver`](aludel::driver::Driver), `database` one that gives a
/// [`Database`](crate::Database); both are evaluated for each test. `capabilities` names what the driver and its dialect can
/// do beyond the least, as variants of [`Capability`](crate::Capability).
///
/// ```
/// # use aludel_testsuite::TemporaryFile;
/// aludel_testsuite::conformance! {
///     driver: aludel::sqlite::Sqlite,
///     database: TemporaryFile::new("sqlite", "").expect("a folder"),
///     capabilities: [InsertReturning, Upsert, Savepoints],
/// }
/// ```
#[macro_export]
macro_rules! conformance {
    (driver: $driver:expr, database: $database:expr, capabilities: [$($capability:ident),* $(,)?] $(,)?) => {
        #[cfg(test)]
        mod conformance {
            #[allow(unused_imports, reason = "the expressions may use what stands around the macro")]
            use super::*;

            fn subject() -> $crate::Subject {
                $crate::Subject::new($driver, $database, &[$($crate::Capability::$capability),*])
            }

            mod asynchronous {
                $crate::__cases!(Async);
                $crate::__dropped_cases!(Async);
            }

            mod blocking {
                $crate::__cases!(Blocking);
            }
        }
    };
}

/// The cases for both faces.
#[doc(hidden)]
#[macro_export]
macro_rules! __cases {
    ($face:ident) => {
        $crate::__tests!(
            $face,
            bulk,
            [
                any_number_of_rows,
                all_or_none_when_a_row_in_the_middle_fails,
                all_or_none_inside_a_transaction,
                a_value_that_can_not_be_written_names_its_column,
                returned_rows_are_in_the_order_of_the_rows,
                generated_keys_are_in_the_order_of_the_rows,
                upserts,
            ]
        );
        $crate::__tests!($face, cancelling, [a_running_statement]);
        $crate::__tests!(
            $face,
            concurrent,
            [sixteen_writers, sixteen_readers_get_their_own_answers, a_job_queue, a_named_lock_excludes,]
        );
        $crate::__tests!(
            $face,
            connecting,
            [
                a_first_query,
                replies_are_ready_on_the_blocking_face,
                nobody_listens,
                a_host_that_does_not_exist,
                a_wrong_password,
                a_wrong_database,
                nonsense_in_the_url,
                passwords_are_never_shown,
            ]
        );
        $crate::__tests!(
            $face,
            errors,
            [
                unique,
                primary_key,
                not_null,
                check,
                foreign_key,
                syntax,
                unknown_table,
                a_statement_is_told_with_its_line,
                null_where_a_value_is_wanted,
                the_wrong_type,
                too_few_and_too_many_columns,
                too_few_and_too_many_rows,
                a_value_out_of_range,
            ]
        );
        $crate::__tests!(
            $face,
            large,
            [
                one_megabyte,
                twenty_megabytes,
                a_thousand_columns,
                ten_thousand_parameters_in_lists,
                a_hundred_thousand_rows,
            ]
        );
        $crate::__tests!(
            $face,
            network,
            [
                a_cut_line_is_recognised,
                a_line_that_is_cut_in_the_middle_of_a_result,
                a_line_that_is_cut_in_a_transaction,
                a_stale_connection_is_replaced,
            ]
        );
        $crate::__tests!($face, objects, [a_unit_of_work, a_rollback_restores_objects, loading]);
        $crate::__tests!($face, pool, [exhausted_and_returned, a_connection_comes_back_clean, closing,]);
        $crate::__tests!($face, returning, [of_insert, of_update, of_delete, of_defaults]);
        $crate::__tests!(
            $face,
            statements,
            [
                more_than_are_kept,
                forgotten_ones_are_prepared_again,
                a_table_that_changes_under_a_cached_statement,
                a_table_that_is_made_again,
                the_same_statement_with_other_values,
                a_failed_statement_is_not_kept,
                no_rows_and_no_columns,
                lists_of_any_length,
                several_in_one_batch,
                pipelines,
            ]
        );
        $crate::__tests!(
            $face,
            streams,
            [
                every_row_in_order,
                partitions,
                left_half_way,
                left_half_way_in_a_transaction,
                an_error_half_way,
                an_empty_one,
            ]
        );
        $crate::__tests!(
            $face,
            transactions,
            [
                commit,
                roll_back,
                dropped,
                an_error_leaves_it_usable_or_failed,
                savepoints,
                a_failed_savepoint_leaves_the_rest,
                read_only,
                ddl_goes_with_it,
                read_committed,
                repeatable_read,
                serializable,
                two_phase,
                isolation_is_of_one_transaction,
            ]
        );
        $crate::__tests!(
            $face,
            types,
            [
                bools,
                eight_bits,
                sixteen_bits,
                thirty_two_bits,
                sixty_four_bits,
                unsigned_eight_bits,
                unsigned_sixteen_bits,
                unsigned_thirty_two_bits,
                single_floats,
                double_floats,
                infinite_floats,
                floats_that_are_none,
                decimals,
                wide_decimals,
                texts,
                texts_with_zero,
                bytes,
                dates,
                times,
                datetimes,
                timestamps,
                uuids,
                json,
                lists_as_one_parameter,
                mixed_columns,
            ]
        );
    };
}

/// Futures that are dropped: there are none on the blocking face.
#[doc(hidden)]
#[macro_export]
macro_rules! __dropped_cases {
    ($face:ident) => {
        $crate::__tests!(
            $face,
            dropped,
            [
                fetching,
                fetching_in_a_transaction,
                writing,
                transactions,
                commits_happen_or_do_not,
                savepoints,
                bulk_inserts,
                streams,
                connecting,
                waiting_for_a_connection,
                locks_are_gone_soon,
                many_at_random,
            ]
        );
    };
}

#[doc(hidden)]
#[macro_export]
macro_rules! __tests {
    ($face:ident, $module:ident, [$($case:ident),* $(,)?]) => {
        mod $module {
            $(
                #[test]
                fn $case() {
                    super::super::subject().run(
                        $crate::Face::$face,
                        |suite| ::std::boxed::Box::pin($crate::cases::$module::$case(suite)),
                    );
                }
            )*
        }
    };
}
